import { FormatError } from '../formats/formatError';

const LONGEST = 4096;
const DEEPEST = 16;
/** Repetitions that may follow each other in one alternative; published patterns have up to 3. */
const MOST_REPEATS = 4;
/**
 * How many times as long the replacements of all steps together may make a text; published ones keep its length. A
 * pattern that matches nothing puts its replacement between all characters, so one character can double a text.
 */
const MOST_GROWTH = 1024;

/**
 * Throws FormatError when a normalizer or pre-tokenizer of tokenizer.json has a regular expression whose time may grow
 * exponentially with a text, such as `(a+)+$`: JavaScript cannot stop one that has begun. Also when its replacements
 * could make a text many times as long.
 */
export function checkPatterns(steps: unknown): void {
  checkSteps(steps, 0);
  const growth = replacements(steps).reduce((product, text) => product * (1 + text.length), 1);
  if (growth > MOST_GROWTH) throw refused(`its replacements may make a text ${growth} times as long`);
}

/** Every regular expression of the steps. */
export function patternsOf(step: unknown): readonly string[] {
  if (typeof step !== 'object' || step === null) return [];
  return Object.entries(step).flatMap(([key, value]) =>
    key === 'Regex' && typeof value === 'string' ? [value] : patternsOf(value),
  );
}

/** What steps put into a text: Replace's and Prepend's content, or what stands for a space. */
function replacements(step: unknown): readonly string[] {
  if (typeof step !== 'object' || step === null) return [];
  return Object.entries(step).flatMap(([key, value]) =>
    typeof value !== 'string' ? replacements(value) : /^(content|prepend|replacement)$/.test(key) ? [value] : [],
  );
}

function checkSteps(step: unknown, depth: number): void {
  if (typeof step !== 'object' || step === null) return;
  if (depth > DEEPEST) throw refused('its steps are nested too deeply');
  for (const [key, value] of Object.entries(step)) {
    if (key !== 'Regex') checkSteps(value, depth + 1);
    else if (typeof value !== 'string' || value.length > LONGEST) throw refused('a pattern is no text, or too long');
    else if (mayNeverFinish(value)) throw refused(`the pattern ${value.slice(0, 80)} may never finish on some text`);
  }
}

const refused = (why: string): FormatError =>
  new FormatError(
    `tokenizer.json cannot be used: ${why}`,
    'Use the tokenizer.json that the model was published with: patterns of known tokenizers pass.',
  );

interface Group {
  /** Whether its matches differ in length: it has an alternation or a repetition. */
  varies: boolean;
  /** Unbounded repetitions in the alternative so far. */
  repeats: number;
}

/** Escapes, classes, groups, quantifiers and single characters of a pattern. */
export const ATOMS =
  /\\(?:[pPxu]\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)|\[\^?\]?(?:\\.|\[:[^\]]*:\]|[^\]\\])*\]|\((?:\?(?:<?[=!]|<\w+>|[a-z]*:))?|\)|\||[*+?]|\{\d*,?\d*\}|./gsu;

/** A repeated group whose matches differ in length, or many repetitions in a row. */
export function mayNeverFinish(pattern: string): boolean {
  const open: Group[] = [{ varies: false, repeats: 0 }];
  let closed: Group | null = null;
  let before = '';
  for (const [atom] of pattern.matchAll(ATOMS)) {
    const group = open.at(-1)!;
    const quantifier = quantifierOf(atom);
    if (atom.startsWith('(')) open.push({ varies: false, repeats: 0 });
    else if (atom === ')' && open.length > 1) {
      const inner: Group = open.pop()!;
      const outer = open.at(-1)!;
      outer.varies ||= inner.varies;
      outer.repeats += inner.repeats;
      if (outer.repeats > MOST_REPEATS) return true;
      closed = inner;
      before = ')';
      continue;
    } else if (atom === '|') {
      group.varies = true;
      group.repeats = 0;
    } else if (quantifier && quantifierOf(before) === null && before !== '(' && before !== '') {
      if (quantifier.many && closed?.varies) return true;
      if (quantifier.varies) group.varies = true;
      if (quantifier.many && ++group.repeats > MOST_REPEATS) return true;
    }
    closed = null;
    before = atom.startsWith('(') ? '(' : atom;
  }
  return false;
}

/**
 * `many` repeats more often than a small number of times. A second sign after a quantifier (`+?`, `++`) changes nothing
 * of that.
 */
export function quantifierOf(atom: string): { readonly many: boolean; readonly varies: boolean } | null {
  if (atom === '*' || atom === '+') return { many: true, varies: true };
  if (atom === '?') return { many: false, varies: true };
  const counts = /^\{(\d*)(,?)(\d*)\}$/.exec(atom);
  if (!counts) return null;
  const [, least, comma, most] = counts;
  const largest = comma && most === '' ? Number.POSITIVE_INFINITY : Number(most || least);
  return { many: largest > 8, varies: comma !== '' && least !== most };
}
