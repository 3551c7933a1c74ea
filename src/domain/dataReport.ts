import type { Filter } from './filter';

/** The outcome of reading a data file, row by row. Bad rows are listed and skipped; nothing changes silently. */
export interface DataReport {
  readonly name: string;
  /** What the file is, told from its rows. */
  readonly kind: 'full' | 'hard' | 'consensus' | 'professional' | 'sample' | 'rubric' | 'metaEval';
  readonly rows: number;
  readonly good: number;
  readonly problems: readonly RowProblem[];
  /** What reading changed about rows that are used, in words, and of how many. */
  readonly changes: readonly { readonly what: string; readonly rows: number }[];
  /** Criteria of the used prompts, after the filter. */
  readonly criteria: number;
  readonly negativeCriteria: number;
  /** Prompts per theme before the filter, most first. */
  readonly themes: readonly { readonly theme: string; readonly rows: number }[];
  /** Criteria per axis before the filter, most first. */
  readonly axes: readonly { readonly axis: string; readonly criteria: number }[];
  /** The active filter, and the number of prompts it drops. */
  readonly filter: Filter;
  readonly filteredOut: number;
  readonly split: { readonly train: number; readonly heldOut: number; readonly how: string };
  /** The examples for a warm start: ideal completions of training prompts, and verdicts on answers. */
  readonly warmStart: { readonly idealCompletions: number; readonly labelledVerdicts: number };
  /** The first rows, for a preview. */
  readonly preview: readonly { readonly promptId: string; readonly lastMessage: string; readonly criteria: number }[];
}

export interface RowProblem {
  /** 1-based line in the file. */
  readonly line: number;
  readonly file: string;
  readonly reason: string;
}
