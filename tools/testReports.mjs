// Counts from the machine-readable reports of the test runners. A report that is missing or holds no test counts as one
// failure: a suite that ran nothing has shown nothing.
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

const nothing = (failed) => ({ passed: 0, failed, skipped: 0 });

function read(path) {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** A run whose tests passed but whose process failed (an error outside of any test) has failed once. */
function honest(count, exitCode) {
  if (count.passed + count.failed === 0) return nothing(1);
  return exitCode !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** Vitest's `json` reporter. A file that failed before its first test counts as one failure. */
export function vitestCount(path, exitCode) {
  const report = read(path);
  if (!report) return nothing(1);
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length;
  return honest(
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests + brokenFiles,
      skipped: report.numPendingTests + report.numTodoTests,
    },
    exitCode,
  );
}

/** Playwright's `json` reporter. A flaky test passed on a retry: it counts as failed here. */
export function playwrightCount(path, exitCode) {
  const stats = read(path)?.stats;
  if (!stats) return nothing(1);
  return honest({ passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }, exitCode);
}

export const commandCount = (exitCode) =>
  exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };

/** tools/isa/main.ts ends with 77 where no chip could be compiled for; it has said why. */
export const isaCount = (exitCode) => (exitCode === 77 ? { passed: 0, failed: 0, skipped: 1 } : commandCount(exitCode));

export const sum = (counts) =>
  counts.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    nothing(0),
  );
