/** Draws docs/learning.svg from the curves in docs/experiments: `vite-node --script tools/tiny/chart.ts`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

interface Run {
  readonly arm: 'self' | 'shuffled';
  readonly seed: number;
  readonly heldOut: readonly { readonly step: number; readonly mean: number; readonly standardError: number }[];
  readonly curve: readonly { readonly step: number; readonly reward: number; readonly trueReward: number }[];
}

const FOLDER = 'docs/experiments';
const [WIDTH, HEIGHT] = [720, 380];
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 150, 40, 48];
const COLOUR = { self: '#1c7ed6', shuffled: '#868e96' };
const NAME = { self: 'graded by itself', shuffled: 'grades shuffled' };
/** Steps on each side that a smoothed value averages over. */
const WINDOW = 3;

const runs = readdirSync(FOLDER)
  .filter((name) => /^learning-.*\.json$/.test(name))
  .sort()
  .map((name): Run => JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8')));
if (runs.length === 0) throw new Error(`no learning-*.json in ${FOLDER}: run tools/tiny/experiment.ts first`);

const values = runs.flatMap(({ heldOut, curve }) => [
  ...heldOut.map(({ mean }) => mean),
  ...smooth(curve).map(({ y }) => y),
]);
const steps = Math.max(...runs.flatMap(({ curve }) => curve.map(({ step }) => step)));
const low = Math.floor(Math.min(...values, 0) * 5) / 5;
const high = Math.ceil(Math.max(...values) * 5) / 5;
const x = (step: number) => LEFT + (step / steps) * (WIDTH - LEFT - RIGHT);
const y = (value: number) => TOP + ((high - value) / (high - low)) * (HEIGHT - TOP - BOTTOM);
const text = (at: [number, number], words: string, more = '') =>
  `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${words}</text>`;

/** True reward of the training prompts, which the model never sees, averaged over neighbouring steps. */
function smooth(curve: Run['curve']): { x: number; y: number }[] {
  return curve.map(({ step }, i) => {
    const near = curve.slice(Math.max(0, i - WINDOW), i + WINDOW + 1);
    return { x: step, y: near.reduce((sum, { trueReward }) => sum + trueReward, 0) / near.length };
  });
}

const parts: string[] = [];
for (let value = low; value <= high + 1e-9; value += 0.2) {
  parts.push(
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" stroke="#dee2e6"/>`,
  );
  parts.push(text([LEFT - 8, y(value) + 4], value.toFixed(1), 'text-anchor="end"'));
}
for (let step = 0; step <= steps; step += 10)
  parts.push(text([x(step), HEIGHT - BOTTOM + 20], String(step), 'text-anchor="middle"'));
for (const arm of ['shuffled', 'self'] as const) {
  const own = runs.filter((run) => run.arm === arm);
  if (own.length === 0) continue;
  for (const { curve, heldOut } of own) {
    const line = smooth(curve)
      .map((p) => `${x(p.x).toFixed(1)},${y(p.y).toFixed(1)}`)
      .join(' ');
    parts.push(
      `<polyline points="${line}" fill="none" stroke="${COLOUR[arm]}" stroke-width="1.5" stroke-opacity="0.5"/>`,
    );
    for (const { step, mean, standardError: e } of heldOut) {
      const at = x(step).toFixed(1);
      parts.push(
        `<line x1="${at}" x2="${at}" y1="${y(mean - e).toFixed(1)}" y2="${y(mean + e).toFixed(1)}" stroke="${COLOUR[arm]}"/>`,
      );
      parts.push(`<circle cx="${at}" cy="${y(mean).toFixed(1)}" r="3.5" fill="${COLOUR[arm]}"/>`);
    }
  }
  const end = own.reduce((sum, { heldOut }) => sum + heldOut.at(-1)!.mean, 0) / own.length;
  parts.push(text([WIDTH - RIGHT + 12, y(end) + 4], `${NAME[arm]} (${own.length} seeds)`, `fill="${COLOUR[arm]}"`));
}
parts.push(
  text(
    [LEFT, 20],
    'True reward of the built-in model while it learns from its own grades',
    'font-size="15" font-weight="600"',
  ),
);
parts.push(
  text(
    [(LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8],
    'step (points: held-out prompts ± standard error; lines: training prompts, smoothed)',
    'text-anchor="middle"',
  ),
);
writeFileSync(
  'docs/learning.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#495057">
<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>
${parts.join('\n')}
</svg>
`,
);
