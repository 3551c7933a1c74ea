/** The result of work in pieces, all of them at once. */
export function inOne<T>(pieces: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = pieces.next();
    if (done) return value;
  }
}
