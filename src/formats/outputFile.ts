/** A file to be written whose bytes are made as they are asked for. */
export interface OutputFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** May be called once more after it ended: it starts anew. */
  chunks(): AsyncIterable<Uint8Array>;
}

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
