const ABBREVIATIONS = /\b(?:e\.g|i\.e|etc|vs|dr|mr|mrs|ms|st|approx)\.(?=\s)/gi;
const MARKER = /^[ \t]*(?:[-*+•‣◦–]|\(?\d{1,3}[.)]|[a-z][.)])[ \t]+(?=\S)/;
const END = /[.!?…]+["'”’)\]*_]*(?=\s|$)|[\n\r]+/;
const WORD = /\p{N}+(?:[.,:]\p{N}+)*|\p{L}[\p{L}\p{M}]*(?:'[\p{L}\p{M}]+)*/gu;

/** Lower case, with plain apostrophes and without compatibility forms. */
export const folded = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/[’‘ʼ]/g, "'");

/** Runs of letters, and numbers; apostrophes are part of a word, hyphens are not. Languages with spaces only. */
export const wordsOf = (text: string): string[] => folded(text).match(WORD) ?? [];

/** Sentences and lines that have a word. Markers of lists and full stops of usual abbreviations end none. */
export const sentencesOf = (text: string): string[] =>
  text
    .split(/[\n\r]+/)
    .flatMap((line) =>
      line
        .replace(MARKER, '')
        .replace(ABBREVIATIONS, (found) => found.slice(0, -1))
        .split(END),
    )
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));

/** Lines that begin with a dash, bullet, number or letter of a list. */
export const itemsOf = (text: string): string[] => text.split(/[\n\r]+/).filter((line) => MARKER.test(line));
