import type { ParsedFile } from './parse';
import type { MetaEvalRow } from './row';

/** Judged answers to learn grading from: those on which more than half of the physicians agree, none of a prompt that is held out. */
export const decidedRows = (
  files: readonly Pick<ParsedFile, 'metaEval'>[],
  heldOut: ReadonlySet<string>,
): MetaEvalRow[] =>
  files.flatMap(({ metaEval }) => metaEval).filter((row) => !heldOut.has(row.promptId) && agreed(row) !== null);

/** What more than half of the physicians say; null when they are equally many. */
export function agreed({ labels }: Pick<MetaEvalRow, 'labels'>): boolean | null {
  const yes = labels.filter(Boolean).length;
  return 2 * yes === labels.length ? null : 2 * yes > labels.length;
}
