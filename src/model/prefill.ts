/** Positions `from` … `to` − 1 of a sequence, to be computed. */
export interface Span {
  readonly tokens: ArrayLike<number>;
  readonly slot: number;
  readonly from: number;
  readonly to: number;
}

/** One pass through the model. */
export interface Pass {
  readonly token: Uint32Array;
  readonly slot: Uint32Array;
  readonly position: Uint32Array;
  /** Spans whose last row is in this pass, by index, and that row. */
  readonly ends: readonly { readonly span: number; readonly row: number }[];
}

/**
 * Packs spans into passes of at most `maxRows` rows, in order: a row never comes in an earlier pass than a row of a
 * span before its own, so later spans may read what earlier ones write.
 */
export function packSpans(spans: readonly Span[], maxRows: number): Pass[] {
  const passes: Pass[] = [];
  let rows: [token: number, slot: number, position: number][] = [];
  let ends: { span: number; row: number }[] = [];
  const flush = () => {
    if (rows.length === 0) return;
    const column = (i: 0 | 1 | 2) => Uint32Array.from(rows, (row) => row[i]);
    passes.push({ token: column(0), slot: column(1), position: column(2), ends });
    rows = [];
    ends = [];
  };
  spans.forEach(({ tokens, slot, from, to }, span) => {
    for (let position = from; position < to; position++) {
      rows.push([tokens[position]!, slot, position]);
      if (position === to - 1) ends.push({ span, row: rows.length - 1 });
      if (rows.length === maxRows) flush();
    }
  });
  flush();
  return passes;
}
