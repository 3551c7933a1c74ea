import { ATOMS, quantifierOf } from './patternBounds';

/** Characters of each text: a pattern whose time grows with the square takes seconds on it, with the cube hours. */
const LENGTH = 50_000;
const MOST_TEXTS = 48;
const MOST_SAMPLES = 300;

/** ASCII, and one of each kind that patterns tell apart. */
const SAMPLES = [
  ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)),
  ...'\n\r\t\u00a0\u3000éÉǅЖж中ーあ한٣²\u0301\u200d€«_▁ĠĊ\ufeff😀',
];

/**
 * Long texts on which the patterns of a tokenizer would be slow, were they slow on any: runs of what each repeated part
 * matches, of what two of them match together, and of repeated groups; with and without what must come before, and
 * before a character that matches nothing. Which texts a pattern is slowest on can't be told in general: a pattern that
 * is quick on these may be slow on others.
 */
export function stressTexts(patterns: readonly string[]): readonly string[] {
  const texts = new Set<string>();
  for (const pattern of patterns) {
    for (const { before, unit } of pumps(pattern)) {
      const run = unit.repeat(Math.ceil(LENGTH / unit.length));
      for (const text of [`${before}${run}\u0001`, `${run}\u0001`, run]) texts.add(text);
    }
  }
  return [...texts].slice(0, MOST_TEXTS);
}

interface Pump {
  readonly before: string;
  readonly unit: string;
}

function pumps(pattern: string): readonly Pump[] {
  const atoms = [...pattern.matchAll(ATOMS)].map(([atom]) => atom);
  const own = atoms.map(character).filter((found) => found !== null);
  const samples = [...new Set([...own, ...SAMPLES])].slice(0, MOST_SAMPLES);
  const matched = atoms.map((atom) => matchedBy(atom, samples));
  const repeated = atoms.flatMap((_, i) => (matched[i]!.size > 0 && repeats(atoms[i + 1]) ? [i] : []));

  // One character for each set of repeated parts that it can stand in: it makes them compete for the same text.
  const units = new Map<string, Pump>();
  for (const sample of samples) {
    const parts = repeated.filter((i) => matched[i]!.has(sample));
    const first = parts[0];
    if (first === undefined || units.has(parts.join())) continue;
    units.set(parts.join(), { before: spelled(atoms, matched, startOf(atoms, first), first), unit: sample });
  }
  const groups: Pump[] = [];
  for (const [i, atom] of atoms.entries()) {
    if (atom !== ')' || !repeats(atoms[i + 1])) continue;
    const open = openOf(atoms, i);
    const unit = spelled(atoms, matched, open + 1, i);
    if (unit !== '') groups.push({ before: spelled(atoms, matched, startOf(atoms, open), open), unit });
  }
  return [...groups, ...units.values()];
}

const repeats = (next: string | undefined): boolean => quantifierOf(next ?? '')?.many === true;

/** The character that an atom spells, where it is one. */
function character(atom: string): string | null {
  const code = /^\\[ux]\{?([0-9a-fA-F]+)\}?$/.exec(atom)?.[1];
  if (code) return Number.parseInt(code, 16) <= 0x10ffff ? String.fromCodePoint(Number.parseInt(code, 16)) : null;
  return [...atom].length === 1 ? atom : null;
}

function matchedBy(atom: string, samples: readonly string[]): ReadonlySet<string> {
  if (/^[()|^$]|^\\[bB]$/.test(atom) || quantifierOf(atom)) return new Set();
  try {
    const alone = new RegExp(`^(?:${atom})$`, 'us');
    return new Set(samples.filter((sample) => alone.test(sample)));
  } catch {
    return new Set();
  }
}

/** Where the alternative begins that holds an atom. */
function startOf(atoms: readonly string[], at: number): number {
  return atoms.lastIndexOf('|', at - 1) + 1;
}

function openOf(atoms: readonly string[], close: number): number {
  let depth = 1;
  let at = close;
  while (depth > 0 && at > 0) {
    at--;
    if (atoms[at] === ')') depth++;
    else if (atoms[at]!.startsWith('(')) depth--;
  }
  return at;
}

/** A text that atoms from … to − 1 match, each once. */
function spelled(atoms: readonly string[], matched: readonly ReadonlySet<string>[], from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += atoms[i] === '|' ? '' : ([...matched[i]!][0] ?? '');
  return text;
}
