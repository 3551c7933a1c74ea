/**
 * C0 and C1 controls, ESC among them, marks that turn the direction of text, line separators and other invisible
 * characters.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Characters that join emoji and letters of some scripts are harmless. */
const HARMLESS = new Set(['\u200c', '\u200d']);

/**
 * Text of a file or a model as one line that cannot move the cursor, write over what stands there, or turn the
 * direction of text.
 */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => (HARMLESS.has(character) ? character : escaped(character)));

/** As JSON spells it, so that a line of JSON stays the same value. */
function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** Prints one line on stdout. */
export function printLine(line = ''): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** Prints one value as a line of JSON on stdout. */
export const printJson = (value: unknown): void => printLine(JSON.stringify(value));

/** Prints one line on stderr. */
export function printNote(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}
