import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commandCount, isaCount, playwrightCount, sum, vitestCount } from './testReports.mjs';

const folder = mkdtempSync(join(tmpdir(), 'reports-'));
const written = (name, value) => {
  const path = join(folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
};
const vitest = (part) =>
  written('vitest.json', {
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [],
    ...part,
  });

it('counts what the reports say', () => {
  const counts = [
    vitestCount(vitest({ numPassedTests: 5, numPendingTests: 1 }), 0),
    playwrightCount(written('e2e.json', { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 } }), 1),
    commandCount(0),
    commandCount(2),
  ];
  expect(sum(counts)).toEqual({ passed: 9, failed: 3, skipped: 1 });
});

it('takes an empty, missing or broken report for a failure', () => {
  expect(vitestCount(vitest({}), 0)).toMatchObject({ passed: 0, failed: 1 });
  expect(vitestCount(join(folder, 'absent.json'), 0)).toMatchObject({ failed: 1 });
  expect(playwrightCount(written('broken.json', '{'), 0)).toMatchObject({ failed: 1 });
});

it('counts a file that fails to load, and a process that fails after its tests passed', () => {
  const broken = { numPassedTests: 2, testResults: [{ status: 'failed', assertionResults: [] }] };
  expect(vitestCount(vitest(broken), 1)).toMatchObject({ passed: 2, failed: 1 });
  expect(vitestCount(vitest({ numPassedTests: 2 }), 1)).toMatchObject({ passed: 2, failed: 1 });
});

it('counts machine code that could not be compiled as not run, and a loss as a failure', () => {
  expect([0, 1, 77].map(isaCount)).toEqual([
    { passed: 1, failed: 0, skipped: 0 },
    { passed: 0, failed: 1, skipped: 0 },
    { passed: 0, failed: 0, skipped: 1 },
  ]);
});
