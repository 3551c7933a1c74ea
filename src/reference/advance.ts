export interface DecodingRows {
  /** (S) position of the last token a row may get; 0 once it has ended. */
  readonly limit: Uint32Array;
  readonly rowToken: Uint32Array;
  readonly rowPosition: Uint32Array;
}

/**
 * Gives each of the first `rows` rows that is not at its end its sampled token and the next position; marks those that
 * end. In place.
 */
export function advance(
  token: ArrayLike<number>,
  stops: ReadonlySet<number>,
  { limit, rowToken, rowPosition }: DecodingRows,
  rows: number,
): void {
  for (let b = 0; b < rows; b++) {
    const next = rowPosition[b]! + 1;
    if (stops.has(token[b]!) || next >= limit[b]!) limit[b] = 0;
    else {
      rowToken[b] = token[b]!;
      rowPosition[b] = next;
    }
  }
}
