import { type Html, html } from './html';
import { score } from './numbers';

/** A score from 0 to 1 with its interval, as a dot and a bar; the numbers are beside it. */
export function scoreBar(mean: number, [low, high]: readonly [number, number]): Html {
  if (!Number.isFinite(mean)) return html``;
  const x = (value: number) => (4 + 172 * Math.min(1, Math.max(0, value))).toFixed(1);
  return html`<svg viewBox="0 0 180 14" width="180" height="14" aria-hidden="true"><line x1="4" x2="176" y1="7" y2="7" stroke="var(--line)"/><line x1="${x(low)}" x2="${x(high)}" y1="7" y2="7" stroke="var(--blue)" stroke-width="4" stroke-opacity=".45"/><circle cx="${x(mean)}" cy="7" r="4" fill="var(--blue)"/></svg>`;
}

/** Worst-at-k: the expected score of the worst of k answers. */
export function worstCurve(curve: readonly { readonly k: number; readonly score: number }[]): Html {
  const shown = curve.filter(({ score }) => Number.isFinite(score));
  if (shown.length < 2) return html``;
  const [width, height, left, bottom] = [520, 200, 40, 30];
  const x = (i: number) => left + (i * (width - left - 16)) / (shown.length - 1);
  const y = (value: number) => 12 + (1 - value) * (height - bottom - 12);
  const path = shown
    .map(({ score: value }, i) => `${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
  const label = shown.map(({ k, score: value }) => `${k}: ${score(value)}`).join(', ');
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Worst at k. ${label}">
${[0, 0.5, 1].map((value) => html`<line x1="${left}" x2="${width}" y1="${y(value)}" y2="${y(value)}" stroke="var(--line)"/><text x="${left - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`)}
<path d="${path}" fill="none" stroke="var(--blue)" stroke-width="2"/>
${shown.map(({ k, score: value }, i) => html`<circle cx="${x(i)}" cy="${y(value)}" r="4" fill="var(--blue)"/><text x="${x(i)}" y="${height - 8}" text-anchor="middle">${k}</text>`)}
</svg>`;
}
