import { diagnose } from '../../../diagnosis/diagnose';
import type { Finding } from '../../../diagnosis/finding';
import { inUnit } from '../../../diagnosis/words';
import { METRICS } from '../../../domain/metrics/metrics';
import { command } from '../command';
import { RUN } from '../commonOptions';
import { runAt } from '../input/runFolder';
import type { GivenOptions, Options } from '../option';
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
  else if (findings.length === 0) printLine(`No problem found in ${metrics.length} steps.`);
  else for (const line of findings.map(findingText).join('\n\n').split('\n')) printLine(line);
  return findings.some(({ level }) => level === 'problem') ? 3 : 0;
}

/** One finding as lines of text, its consequences indented. */
export function findingText(finding: Finding): string {
  const { level, title, step, evidence, cause, tries, consequences } = finding;
  const numbers = evidence.map(({ key, before, now }) => {
    const { unit } = METRICS[key];
    return `  ${key}: ${before === null ? '' : `${inUnit(before, unit)} → `}${inUnit(now, unit)}`;
  });
  return [
    `${level}: ${title} (since step ${step})`,
    ...numbers,
    `  Likely cause: ${cause}`,
    `  To try: ${tries.join('; ')}.`,
    ...consequences.map((other) => `  Follows from it: ${other.title} (since step ${other.step})`),
  ].join('\n');
}
