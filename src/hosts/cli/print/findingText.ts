import type { Finding } from '../../../diagnosis/finding';
import { inUnit } from '../../../diagnosis/words';
import { METRICS } from '../../../domain/metrics/metrics';

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
