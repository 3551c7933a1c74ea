import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { StepMetrics } from '../config/metrics';
import { examine } from './examine';

const log = (path: string): StepMetrics[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

// In each, the phrase is in 6 to 28 % of answers until step 11, and in 31 % and more from step 13 or 15 on.
it.each([1, 2, 3])(
  'finds the phrase that was planted in the grader of recorded run %i, and when the answers took it up',
  (seed) => {
    const [worst] = examine(log(`docs/experiments/planted-${seed}.jsonl`));
    expect(worst).toMatchObject({ id: 'phrase', level: 'problem' });
    expect(worst!.title).toMatch(/^“i hope this helps” is in (99|100) % of answers \(at most 1\d % at first\)/);
    expect(worst!.step).toBeGreaterThanOrEqual(11);
    expect(worst!.step).toBeLessThanOrEqual(15);
    expect(worst!.cause).toMatch(/since step \d+:/);
  },
);
