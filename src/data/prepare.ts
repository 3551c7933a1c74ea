import type { DataReport, RowProblem } from '../domain/dataReport';
import type { Example } from '../domain/example';
import { applyFilter, type Filter } from '../domain/filter';
import { FileKind } from './fileKind';
import { readLines } from './lines';
import type { Mapping } from './mapping';
import { parseRow } from './row';
import { conversationKey, DataError, heldOutIds } from './split';

/** Where a row goes. `easyHeldOut` only when a share is held out. */
export type Side = 'easy' | 'easyHeldOut' | 'hard';

export interface PrepareOptions {
  readonly filter: Filter;
  readonly mapping?: Mapping | undefined;
  /** Share of the easy rows to hold out by seed; 0 is none. */
  readonly heldOutShare: number;
  readonly seed: number;
}

/** The outcome for each row, before writing. Holds ids and line numbers, not rows: reads 60 MB in bounded memory. */
export interface PreparePlan {
  readonly kind: DataReport['kind'];
  readonly rows: number;
  readonly sideOfLine: ReadonlyMap<number, Side>;
  readonly counts: Readonly<Record<Side, number>>;
  readonly themes: DataReport['themes'];
  /** Unusable rows, and rows that would be on both sides. */
  readonly problems: readonly RowProblem[];
  /** Rows that the filter dropped, by reason. */
  readonly filtered: ReadonlyMap<string, number>;
  /** Hard ids that the full file does not have. */
  readonly missingHard: number;
}

/** Ids and conversations of the hard file. Throws DataError when it has no example. */
export async function hardRows(
  name: string,
  chunks: AsyncIterable<Uint8Array | string>,
  mapping?: Mapping,
): Promise<{ ids: Set<string>; conversations: Set<string> }> {
  const ids = new Set<string>();
  const conversations = new Set<string>();
  for await (const line of readLines(chunks)) {
    const row = 'text' in line ? parseRow(line.text, mapping) : null;
    if (row?.kind !== 'example') continue;
    ids.add(row.example.promptId);
    conversations.add(conversationKey(row.example.prompt));
  }
  if (ids.size === 0) throw new DataError(`${name} has no usable example.`);
  return { ids, conversations };
}

/** Reads the full file once and decides where each row goes. Refuses a row with a hard row's conversation. */
export async function planPrepare(
  name: string,
  chunks: AsyncIterable<Uint8Array | string>,
  hard: { readonly ids: ReadonlySet<string>; readonly conversations: ReadonlySet<string> } | null,
  { filter, mapping, heldOutShare, seed }: PrepareOptions,
): Promise<PreparePlan> {
  const kind = new FileKind();
  const lineOfId = new Map<string, number>();
  const sideOfLine = new Map<number, Side>();
  const easy = new Map<string, number>();
  const conversations = new Map<string, string>();
  const problems: RowProblem[] = [];
  const filtered = new Map<string, number>();
  const themes = new Map<string, number>();
  const foundHard = new Set<string>();
  let rows = 0;

  for await (const line of readLines(chunks)) {
    rows++;
    const problem = (reason: string) => problems.push({ line: line.number, file: name, reason });
    const row = 'text' in line ? parseRow(line.text, mapping) : ({ kind: 'bad', reason: line.reason } as const);
    kind.add(row);
    if (row.kind === 'bad') problem(row.reason);
    if (row.kind !== 'example') continue;
    const { promptId, prompt, exampleTags } = row.example;
    const earlier = lineOfId.get(promptId);
    if (earlier !== undefined) {
      problem(`duplicate prompt_id ${promptId.slice(0, 60)}, first seen in line ${earlier}`);
      continue;
    }
    lineOfId.set(promptId, line.number);
    const isHard = hard ? hard.ids.has(promptId) : row.hard === true;
    if (isHard) foundHard.add(promptId);
    else if (hard?.conversations.has(conversationKey(prompt))) {
      problem('a hard example has the same conversation, so training and held-out data would overlap');
      continue;
    }
    const kept = applyFilter(row.example, filter);
    if ('reason' in kept) {
      filtered.set(kept.reason, (filtered.get(kept.reason) ?? 0) + 1);
      continue;
    }
    sideOfLine.set(line.number, isHard ? 'hard' : 'easy');
    if (!isHard) easy.set(promptId, line.number);
    if (!isHard && heldOutShare > 0) conversations.set(promptId, conversationKey(prompt));
    for (const tag of exampleTags) {
      if (tag.startsWith('theme:')) themes.set(tag.slice(6), (themes.get(tag.slice(6)) ?? 0) + 1);
    }
  }

  if (heldOutShare > 0) {
    const chosen = heldOutIds([...easy.keys()], seed, heldOutShare);
    const trained = new Set([...easy.keys()].filter((id) => !chosen.has(id)).map((id) => conversations.get(id)!));
    for (const id of chosen) {
      const line = easy.get(id)!;
      if (trained.has(conversations.get(id)!)) {
        problems.push({
          line,
          file: name,
          reason: 'held out by seed, but a training example has the same conversation',
        });
        sideOfLine.delete(line);
      } else sideOfLine.set(line, 'easyHeldOut');
    }
  }
  const counts = { easy: 0, easyHeldOut: 0, hard: 0 };
  for (const side of sideOfLine.values()) counts[side]++;
  return {
    kind: kind.kind(name),
    rows,
    sideOfLine,
    counts,
    themes: [...themes].map(([theme, count]) => ({ theme, rows: count })).sort((a, b) => b.rows - a.rows),
    problems,
    filtered,
    missingHard: hard ? hard.ids.size - foundHard.size : 0,
  };
}

/** Reads the file again and yields its used rows as lines, in order. */
export async function* preparedLines(
  chunks: AsyncIterable<Uint8Array | string>,
  { sideOfLine }: Pick<PreparePlan, 'sideOfLine'>,
  { filter, mapping }: Pick<PrepareOptions, 'filter' | 'mapping'>,
): AsyncGenerator<{ readonly side: Side; readonly line: string }> {
  for await (const line of readLines(chunks)) {
    const side = sideOfLine.get(line.number);
    if (!side || !('text' in line)) continue;
    const row = parseRow(line.text, mapping);
    const kept = row.kind === 'example' ? applyFilter(row.example, filter) : null;
    if (!kept || 'reason' in kept) throw new DataError(`line ${line.number} changed while it was read`);
    yield { side, line: preparedRow(JSON.parse(line.text) as object, kept.example, side === 'hard') };
  }
}

/**
 * The row as the method's script writes it: other fields unchanged, the rubric under `metadata`, `is_hard`, and the sum
 * of positive points. The script swaps the names of its two files; this does not.
 */
function preparedRow(fields: object, example: Example, isHard: boolean): string {
  const { rubrics: _, metadata, ...others } = fields as Record<string, unknown>;
  const rest = typeof metadata === 'object' && metadata !== null ? metadata : {};
  const { prompt, promptId, exampleTags, rubrics } = example;
  const total = rubrics.reduce((sum, { points }) => sum + Math.max(0, points), 0);
  const row = {
    ...others,
    prompt,
    prompt_id: promptId,
    example_tags: exampleTags,
    is_hard: isHard,
    metadata: { ...rest, rubrics },
    total_points: total,
  };
  return `${JSON.stringify(row)}\n`;
}
