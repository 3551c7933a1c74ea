import { diagnose } from '../../../diagnosis/diagnose';
import type { Finding } from '../../../diagnosis/finding';
import { inUnit } from '../../../diagnosis/words';
import { METRICS } from '../../../domain/metrics/metrics';
import { runAt } from '../runFolder';
import { parseOptions } from '../usage';

const OPTIONS = { run: { type: 'string' }, json: { type: 'boolean' } } as const;

/** Prints what goes wrong in a run, worst first. Exit code 3 when there is a problem, so that a script can stop a run on it. */
export async function doctor(args: readonly string[]): Promise<number> {
  const given = parseOptions(args, OPTIONS, ['run']);
  const { store, summary } = await runAt(given.run!);
  const metrics = await store.loadMetrics(summary.runId);
  const findings = diagnose(metrics, summary.config);
  if (given.json) for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
  else if (findings.length === 0) process.stdout.write(`Nothing wrong found in ${metrics.length} steps.\n`);
  else process.stdout.write(`${findings.map((finding) => findingText(finding)).join('\n\n')}\n`);
  return findings.some(({ level }) => level === 'problem') ? 3 : 0;
}

/** One finding as lines of text, what follows from it indented. */
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
