/** What became of a dropped data file, row by row. Bad rows are listed and left out; nothing is changed silently. */
export interface DataReport {
  readonly name: string;
  /** What the file is, told from its rows. */
  readonly kind: 'full' | 'hard' | 'consensus' | 'sample' | 'rubric' | 'metaEval';
  readonly rows: number;
  readonly good: number;
  readonly problems: readonly RowProblem[];
  readonly criteria: number;
  readonly negativeCriteria: number;
  /** Rows per theme, most first. */
  readonly themes: readonly { readonly theme: string; readonly rows: number }[];
  readonly split: { readonly train: number; readonly heldOut: number; readonly how: string };
  /** What a warm start can learn from: ideal completions of training prompts, and verdicts on answers. */
  readonly warmStart: { readonly idealCompletions: number; readonly judged: number };
  /** The first rows, for a preview. */
  readonly preview: readonly { readonly promptId: string; readonly lastMessage: string; readonly criteria: number }[];
}

export interface RowProblem {
  /** 1-based line in the file. */
  readonly line: number;
  readonly file: string;
  readonly reason: string;
}
