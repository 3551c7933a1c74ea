/** x (N, C): row n is column token[n] of table (C, V). */
export function embeddingForward(token: ArrayLike<number>, table: Float64Array, C: number) {
  const N = token.length;
  const V = table.length / C;
  const x = new Float64Array(N * C);
  for (let n = 0; n < N; n++) {
    for (let c = 0; c < C; c++) x[n * C + c] = table[c * V + token[n]!]!;
  }
  return x;
}

/** Adds to dtable (C, V): a token that occurs twice collects twice. */
export function embeddingBackward(dx: Float64Array, token: ArrayLike<number>, dtable: Float64Array) {
  const N = token.length;
  const C = dx.length / N;
  const V = dtable.length / C;
  for (let n = 0; n < N; n++) {
    for (let c = 0; c < C; c++) dtable[c * V + token[n]!]! += dx[n * C + c]!;
  }
}
