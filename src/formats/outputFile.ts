/** A file to be written whose bytes are made as they are asked for. */
export interface OutputFile {
  readonly name: string;
  /** In bytes; null where only writing it tells. */
  readonly size: number | null;
  /** May be called once more after it ended: it starts anew. */
  chunks(): AsyncIterable<Uint8Array>;
}

/**
 * A text that is read from somewhere while it is written: it is never held as a whole. `parts` is called anew for each
 * writing.
 */
export const streamedText = (name: string, parts: () => AsyncIterable<string>): OutputFile => ({
  name,
  size: null,
  async *chunks() {
    const encoder = new TextEncoder();
    for await (const part of parts()) yield encoder.encode(part);
  },
});

/** A text of any length, given in parts: as one string it could be longer than the engine allows. */
export function textFile(name: string, ...parts: readonly string[]): OutputFile {
  const encoder = new TextEncoder();
  const chunks = parts.map((part) => encoder.encode(part));
  return {
    name,
    size: chunks.reduce((sum, { length }) => sum + length, 0),
    async *chunks() {
      yield* chunks;
    },
  };
}

export const jsonFile = (name: string, value: unknown): OutputFile =>
  textFile(name, `${JSON.stringify(value, null, 2)}\n`);
