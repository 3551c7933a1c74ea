import { isGap } from '../../domain/check';
import { folded, sentencesOf, wordsOf } from './textParts';

/** Words that a gap leaves out, at most. */
const GAP = 5;

type Part = 'gap' | ((word: string) => boolean);

/** The sentences of an answer as words, which all phrases of its checks read. */
export const phraseText = (answer: string): string[][] => sentencesOf(answer).map(wordsOf);

/** Whether a phrase (domain/check.ts) is in a text. In time linear in the text. */
export function hasPhrase(phrase: string, sentences: readonly (readonly string[])[]): boolean {
  const parts = partsOf(phrase);
  return sentences.some((words) => {
    // Places where the parts so far can end: before word i.
    let ends = new Array<boolean>(words.length + 1).fill(true);
    for (const part of parts) {
      const next = new Array<boolean>(words.length + 1).fill(false);
      for (let i = 0; i < ends.length; i++) {
        if (!ends[i]) continue;
        if (part === 'gap') for (let skip = 0; skip <= GAP && i + skip < next.length; skip++) next[i + skip] = true;
        else if (i < words.length && part(words[i]!)) next[i + 1] = true;
      }
      ends = next;
    }
    return ends.includes(true);
  });
}

const partsOf = (phrase: string): Part[] =>
  phrase
    .trim()
    .split(/\s+/)
    .flatMap((part): Part[] => {
      if (isGap(part)) return ['gap'];
      const alternatives = folded(part).split('|');
      if (alternatives.length > 1 || /[*#]/.test(part)) return [(word) => alternatives.some((one) => fits(one, word))];
      return wordsOf(part).map((own) => (word: string) => word === own);
    });

function fits(pattern: string, word: string): boolean {
  if (pattern === '#') return /^\p{N}/u.test(word);
  if (!pattern.includes('*')) return pattern === word;
  const pieces = pattern.split('*');
  const [first, last] = [pieces[0]!, pieces.at(-1)!];
  if (word.length < first.length + last.length || !word.startsWith(first) || !word.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = word.indexOf(piece, at);
    if (found < 0 || found + piece.length > word.length - last.length) return false;
    at = found + piece.length;
  }
  return true;
}
