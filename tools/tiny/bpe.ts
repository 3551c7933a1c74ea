/** Byte-pair encoding, trained: the most frequent neighbours become one token, until the vocabulary is full. */

/** GPT-2's way to cut text into words, as the tokenizers library's ByteLevel does it. */
const WORD = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Byte → printable character, GPT-2's table: printable Latin-1 stays, the rest moves up from U+0100. */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  const printable = (b: number) => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || (b >= 174 && b <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, b) => String.fromCodePoint(printable(b) ? b : next++));
})();

export interface Merges {
  readonly merges: readonly (readonly [string, string])[];
  /** Bytes first, then one token for each merge. */
  readonly tokens: readonly string[];
}

/**
 * Ends early when no pair occurs twice. Ties go to the pair that sorts first, so the result does not depend on order.
 */
export function trainBpe(texts: Iterable<string>, size: number): Merges {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of text.match(WORD) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const words = [...counts].map(([word, count]) => ({
    parts: [...new TextEncoder().encode(word)].map((b) => BYTE_CHARACTERS[b]!),
    count,
  }));
  const tokens = [...BYTE_CHARACTERS];
  const known = new Set(tokens);
  const merges: [string, string][] = [];
  while (tokens.length < size) {
    const best = mostFrequentPair(words);
    if (best === null) break;
    merges.push(best);
    const token = best[0] + best[1];
    if (!known.has(token)) {
      known.add(token);
      tokens.push(token);
    }
    for (const word of words) word.parts = joined(word.parts, best);
  }
  return { merges, tokens };
}

function mostFrequentPair(words: readonly { parts: readonly string[]; count: number }[]): [string, string] | null {
  const pairs = new Map<string, number>();
  for (const { parts, count } of words) {
    for (let i = 1; i < parts.length; i++) {
      const key = `${parts[i - 1]} ${parts[i]}`;
      pairs.set(key, (pairs.get(key) ?? 0) + count);
    }
  }
  let best: string | null = null;
  let most = 1;
  for (const [key, count] of pairs) {
    if (count > most || (count === most && best !== null && key < best)) {
      best = key;
      most = count;
    }
  }
  return best === null ? null : (best.split(' ') as [string, string]);
}

function joined(parts: readonly string[], [left, right]: readonly [string, string]): string[] {
  const out: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] === left && parts[i + 1] === right) {
      out.push(left + right);
      i++;
    } else {
      out.push(parts[i]!);
    }
  }
  return out;
}
