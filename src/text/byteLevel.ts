/**
 * Byte-level BPE spells each byte as one printable character (GPT-2): printable Latin-1 stands for itself, the other 68
 * bytes for U+0100 onwards in order. This maps a spelled character back to its byte.
 */
const BYTE_OF = new Map<string, number>();
let next = 0x100;
for (let byte = 0; byte < 256; byte++) {
  const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  BYTE_OF.set(String.fromCharCode(printable ? byte : next++), byte);
}

/** Bytes of a vocabulary entry; null when it is not in byte-level spelling. */
export function spelledBytes(token: string): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i++) {
    const byte = BYTE_OF.get(token[i]!);
    if (byte === undefined) return null;
    bytes[i] = byte;
  }
  return bytes;
}
