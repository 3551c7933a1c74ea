/** Writes the doctor's test logs, one for each failure and a clean one: `vite-node --script tools/doctor/record.ts`. */
import { writeFile } from 'node:fs/promises';
import type { StepMetrics } from '../../src/config/metrics';
import { bandit } from './bandit';
import { FLAWS } from './flaws';

const STEPS = 60;
const SEED = 7;
const FOLDER = 'src/doctor/fixtures';

/** Of a step's numbers, those that no check reads. */
const UNREAD =
  /^reward\/m|_length$(?<!median_length|p90_length)|probe\/(yes|unsure|ungraded)|yes_rate_positive|^learning_rate|^time|^num_/;

/** Without what does not exist or is not read, at three digits: as much as the doctor needs. */
const lineOf = ({ phrases, ...row }: StepMetrics, withPhrases: boolean): string => {
  const known = Object.entries({ ...row, ...(withPhrases && { phrases }) }).filter(
    ([key, value]) => value !== null && !UNREAD.test(key),
  );
  return JSON.stringify(Object.fromEntries(known), (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(3)) : value,
  );
};

for (const [name, flaw] of [['clean', {}] as const, ...Object.entries(FLAWS)]) {
  const withPhrases = name === 'clean' || name === 'phrase';
  const lines = bandit(SEED, STEPS, flaw).map((row) => `${lineOf(row, withPhrases)}\n`);
  await writeFile(`${FOLDER}/${name}.jsonl`, lines.join(''));
}
