/** A file to be written whose bytes are made as they are asked for. */
export interface OutputFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** May be called once more after it ended: it starts anew. */
  chunks(): AsyncIterable<Uint8Array>;
}

export function bytesFile(name: string, bytes: Uint8Array): OutputFile {
  return {
    name,
    size: bytes.length,
    async *chunks() {
      yield bytes;
    },
  };
}

export const textFile = (name: string, text: string): OutputFile => bytesFile(name, new TextEncoder().encode(text));

export const jsonFile = (name: string, value: unknown): OutputFile =>
  textFile(name, `${JSON.stringify(value, null, 2)}\n`);
