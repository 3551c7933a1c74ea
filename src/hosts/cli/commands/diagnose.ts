import { diagnose, tooEarlyUntil } from '../../../diagnosis/diagnose';
import { command } from '../command';
import { RUN } from '../commonOptions';
import { runAt } from '../input/runFolder';
import type { GivenOptions, Options } from '../option';
import { findingText } from '../print/findingText';
import { printJson, printLine } from '../print/terminal';

const OPTIONS = {
  run: { ...RUN, required: true, help: 'Run to diagnose.' },
  json: { type: 'flag', help: 'Print the findings as JSON, one per line.' },
} as const satisfies Options;

/** Prints the problems of a run, worst first. Exit code 3 lets a script stop a run that has one. */
export const diagnoseRun = command({
  about:
    'Finds problems of a run in its logs. Lists for each the step where it began, the numbers that show it, a likely cause ' +
    'and what to try. The exit code is 3 when there is a problem.',
  options: OPTIONS,
  run,
});

async function run(given: GivenOptions<typeof OPTIONS>): Promise<number> {
  const { store, summary } = await runAt(given.run);
  const metrics = await store.loadMetrics(summary.runId);
  const findings = diagnose(metrics, summary.config);
  if (given.json) for (const finding of findings) printJson(finding);
  else if (findings.length === 0) {
    const until = tooEarlyUntil(metrics);
    const steps = `${metrics.length} ${metrics.length === 1 ? 'step' : 'steps'}`;
    printLine(
      until === null
        ? `No problem found in ${steps}.`
        : `Too early to tell before step ${until}: no problem found in ${steps}.`,
    );
  } else for (const line of findings.map(findingText).join('\n\n').split('\n')) printLine(line);
  return findings.some(({ level }) => level === 'problem') ? 3 : 0;
}
