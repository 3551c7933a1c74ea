import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { StepMetrics } from '../config/metrics';
import { examine } from './examine';

const log = (path: string): StepMetrics[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

it('finds the phrase that was planted in the grader of a recorded run, and when the answers took it up', () => {
  const [worst] = examine(log('docs/experiments/planted-1.jsonl'));
  expect(worst).toMatchObject({ id: 'phrase', level: 'problem' });
  expect(worst!.title).toMatch(/^“i hope this helps” is in 100 % of answers \(at most 1\d % at first\)/);
  // In 6 to 16 % of answers until step 11, in 44 % and more from step 14 on.
  expect(worst!.step).toBeGreaterThanOrEqual(11);
  expect(worst!.step).toBeLessThanOrEqual(15);
  expect(worst!.cause).toContain('since step 1:');
});
