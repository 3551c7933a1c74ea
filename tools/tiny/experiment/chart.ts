/**
 * Draws docs/learning.svg and docs/arms.svg from what experiment.ts has written, and prints the table of
 * docs/experiments.md: `vite-node --script tools/tiny/experiment/chart.ts`.
 */
import { writeFileSync } from 'node:fs';
import { mean } from '../../../src/domain/statistics';
import { loadResults, overSeeds, type Result } from './results';

const [WIDTH, HEIGHT] = [760, 380];
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 250, 40, 48];
const COLOURS: Readonly<Record<string, string>> = {
  self: '#0072b2',
  shuffled: '#868e96',
  selfT1: '#56b4e9',
  selfT06: '#cc79a7',
  frozen: '#e69f00',
  mixed: '#009e73',
  synthetic: '#d55e00',
  planted: '#7a5195',
};
/** Steps on each side that a smoothed value averages over. */
const WINDOW = 3;
const LABEL_HEIGHT = 16;

const learning = loadResults('learning');
const graders = loadResults('arm');
if (learning.size === 0) throw new Error('no results yet: run tools/tiny/experiment/experiment.ts first');

draw(
  'docs/learning.svg',
  learning,
  'True reward of the built-in model while it learns from its own grades',
  ['shuffled', 'self'],
  true,
);
draw('docs/arms.svg', graders, 'Held-out true reward by who grades (mean of seeds)', Object.keys(COLOURS), false);
for (const results of [learning, graders]) {
  for (const line of table(results)) console.log(line);
}

/** Lines: training prompts, each seed, smoothed; or the held-out mean over seeds. Points: held-out prompts. */
function draw(
  file: string,
  results: Map<string, Result[]>,
  title: string,
  requested: readonly string[],
  training: boolean,
): void {
  const arms = requested.flatMap((arm) => (results.has(arm) ? [[arm, results.get(arm)!] as const] : []));
  const runs = arms.flatMap(([, own]) => own);
  const values = runs.flatMap(({ heldOut, curve }) => [
    ...heldOut.map(({ mean }) => mean),
    ...(training ? smooth(curve).map(([, value]) => value) : []),
  ]);
  const steps = Math.max(...runs.flatMap(({ curve }) => curve.map(({ step }) => step)));
  const low = Math.floor(Math.min(...values, 0) * 10) / 10;
  const high = Math.ceil(Math.max(...values) * 10) / 10;
  const x = (step: number) => (LEFT + (step / steps) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (value: number) => (TOP + ((high - value) / (high - low)) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const text = (left: number | string, top: number | string, words: string, more = '') =>
    `<text x="${left}" y="${top}" ${more}>${words}</text>`;
  const line = (points: readonly (readonly [number, number])[], colour: string, more: string) =>
    `<polyline points="${points.map(([step, value]) => `${x(step)},${y(value)}`).join(' ')}" fill="none" stroke="${colour}" ${more}/>`;
  const point = (step: number, value: number, error: number, colour: string) =>
    `<line x1="${x(step)}" x2="${x(step)}" y1="${y(value - error)}" y2="${y(value + error)}" stroke="${colour}"/>` +
    `<circle cx="${x(step)}" cy="${y(value)}" r="3.5" fill="${colour}"/>`;

  const parts: string[] = [];
  for (let tenth = Math.round(low * 10); tenth <= Math.round(high * 10); tenth++) {
    const at = y(tenth / 10);
    parts.push(`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="#dee2e6"/>`);
    parts.push(text(LEFT - 8, Number(at) + 4, (tenth / 10).toFixed(1), 'text-anchor="end"'));
  }
  for (let step = 0; step <= steps; step += 10)
    parts.push(text(x(step), HEIGHT - BOTTOM + 20, String(step), 'text-anchor="middle"'));
  const labels: { at: number; words: string; colour: string }[] = [];
  for (const [arm, own] of arms) {
    const colour = COLOURS[arm]!;
    if (training) {
      for (const { curve, heldOut } of own) {
        parts.push(line(smooth(curve), colour, 'stroke-width="1.5" stroke-opacity="0.5"'));
        for (const { step, mean, standardError } of heldOut) parts.push(point(step, mean, standardError, colour));
      }
    } else {
      const means = own[0]!.heldOut.map(
        ({ step }, i) => [step, mean(own.map(({ heldOut }) => heldOut[i]!.mean))] as const,
      );
      parts.push(line(means, colour, 'stroke-width="2"'));
      for (const [step, value] of means) parts.push(point(step, value, 0, colour));
    }
    const end = mean(own.map(({ heldOut }) => heldOut.at(-1)!.mean));
    labels.push({ at: Number(y(end)) + 4, words: `${own[0]!.title} (${own.length} seeds)`, colour });
  }
  // Labels that would lie on each other move down.
  let free = 0;
  for (const { at, words, colour } of labels.sort((a, b) => a.at - b.at)) {
    free = Math.max(free + LABEL_HEIGHT, at);
    parts.push(text(WIDTH - RIGHT + 12, free.toFixed(1), words, `fill="${colour}"`));
  }
  const under = training
    ? 'step (points: held-out prompts ± standard error; lines: training prompts, smoothed)'
    : 'step (measured on held-out prompts)';
  parts.push(text(LEFT, 20, title, 'font-size="15" font-weight="600"'));
  parts.push(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, under, 'text-anchor="middle"'));
  writeFileSync(
    file,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#495057">
<title>${title}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>
${parts.join('\n')}
</svg>
`,
  );
}

/** True reward of the training prompts, which the model never sees, averaged over neighbouring steps. */
function smooth(curve: Result['curve']): [number, number][] {
  return curve.map(({ step }, i) => {
    const near = curve.slice(Math.max(0, i - WINDOW), i + WINDOW + 1);
    return [step, mean(near.map(({ trueReward }) => trueReward))];
  });
}

/** A row per arm: means over seeds with 95 % intervals, at the last step unless said otherwise. */
function* table(results: Map<string, Result[]>): Generator<string> {
  yield '| arm | seeds | true reward, change | score by the starting model, change | own verdicts right, before → after | starting model’s verdicts right, after | answer, tokens |';
  yield '| --- | --- | --- | --- | --- | --- | --- |';
  for (const own of results.values()) {
    const pairs = own.map(({ heldOut }) => [heldOut[0]!, heldOut.at(-1)!] as const);
    const spread = (values: readonly number[]) => {
      const { mean: centre, half } = overSeeds(values);
      const number = `${centre < 0 ? '−' : '+'}${Math.abs(centre).toFixed(3)}`;
      return Number.isFinite(half) ? `${number} ± ${half.toFixed(3)}` : number;
    };
    const share = (values: readonly number[]) => `${(100 * mean(values)).toFixed(1)} %`;
    const cells = [
      own[0]!.title,
      String(own.length),
      spread(pairs.map(([first, last]) => last.mean - first.mean)),
      spread(pairs.map(([first, last]) => last.graded.frozen.score - first.graded.frozen.score)),
      `${share(pairs.map(([first]) => first.graded.self.right))} → ${share(pairs.map(([, last]) => last.graded.self.right))}`,
      share(pairs.map(([, last]) => last.graded.frozen.right)),
      `${mean(pairs.map(([first]) => first.meanTokens)).toFixed(0)} → ${mean(pairs.map(([, last]) => last.meanTokens)).toFixed(0)}`,
    ];
    yield `| ${cells.join(' | ')} |`;
  }
}
