/** y (M, C) = x[index], x (N, C). */
export function gatherForward(x: Float64Array, index: ArrayLike<number>, C: number): Float64Array {
  return Float64Array.from({ length: index.length * C }, (_, i) => x[index[Math.floor(i / C)]! * C + (i % C)]!);
}

/** Adds dy (M, C) to dx (N, C). */
export function gatherBackward(dy: Float64Array, index: ArrayLike<number>, C: number, dx: Float64Array): void {
  for (let i = 0; i < dy.length; i++) dx[index[Math.floor(i / C)]! * C + (i % C)]! += dy[i]!;
}
