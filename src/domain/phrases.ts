import { mean } from './statistics';

/** A run of three or more words in a step's answers, and what went with it. */
export interface PhraseCount {
  readonly phrase: string;
  /** Share of the answers that have it. */
  readonly share: number;
  /** Mean reward of a prompt's answers with it, less that of those without; null when no prompt has both. */
  readonly lift: number | null;
  /**
   * Of the criteria on which a prompt's answers differ (two or more): share on which answers with it did better than
   * those without, less the share on which they did worse. Advice lifts the criterion that asks for it; a phrase that
   * the grader merely likes lifts nearly all of them.
   */
  readonly breadth: number | null;
}

/** What is looked at of an answer. */
export interface PhraseAnswer {
  readonly group: number;
  readonly completion: string;
  readonly reward: number | null;
  /** By criterion: whether the verdict speaks for the answer (a good one met, a harm not met); null when ungraded. */
  readonly favours: readonly (boolean | null)[];
}

/**
 * Bounds of the work and of what is kept: answers looked at, words of each (from its start and its end), phrases kept
 * for either reason.
 */
const MAX_ANSWERS = 128;
const MAX_WORDS = 256;
const KEPT = 8;
const LENGTH = 3;
const LONGEST = 12;

/** Words in lower case without marks. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’]*/gu) ?? [];

/**
 * The most frequent phrases of a step, and those with most reward behind them, at most 16. Only phrases that occur with
 * more than one prompt count (with all, when there is one): what is particular to a prompt is its subject. Neighbours
 * that always occur together are one phrase.
 */
export function phraseCounts(all: readonly PhraseAnswer[]): PhraseCount[] {
  const answers = all.slice(0, MAX_ANSWERS);
  if (answers.length === 0) return [];
  const found = occurrences(answers);
  const prompts = new Set(answers.map(({ group }) => group)).size;
  const common = [...found].filter(([, holders]) => {
    const groups = new Set([...holders].map((i) => answers[i]!.group));
    return holders.size > 1 && groups.size >= Math.min(2, prompts);
  });
  const phrases = merged(common).map(({ phrase, holders }) => {
    const { lift, weight } = liftOf(answers, holders);
    return { phrase, holders, share: holders.size / answers.length, lift, weight };
  });
  const byText = (a: { phrase: string }, b: { phrase: string }) => (a.phrase < b.phrase ? -1 : 1);
  const frequent = [...phrases].sort((a, b) => b.share - a.share || byText(a, b)).slice(0, KEPT);
  const rewarded = phrases
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || byText(a, b))
    .slice(0, KEPT);
  return [...new Set([...frequent, ...rewarded])].map(({ phrase, holders, share, lift }) => ({
    phrase,
    share,
    lift,
    breadth: breadthOf(answers, holders),
  }));
}

/** Runs of three words, with the indices of the answers that have them, in the order in which they occur. */
function occurrences(answers: readonly PhraseAnswer[]): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  answers.forEach(({ completion }, i) => {
    const words = wordsOf(completion);
    const half = MAX_WORDS / 2;
    const parts = words.length <= MAX_WORDS ? [words] : [words.slice(0, half), words.slice(-half)];
    for (const part of parts) {
      for (let at = 0; at + LENGTH <= part.length; at++) {
        const phrase = part.slice(at, at + LENGTH).join(' ');
        const holders = found.get(phrase);
        if (holders) holders.add(i);
        else found.set(phrase, new Set([i]));
      }
    }
  });
  return found;
}

interface Held {
  phrase: string;
  readonly holders: ReadonlySet<number>;
}

/** Joins runs that overlap and are found in the very same answers. */
function merged(runs: readonly (readonly [string, ReadonlySet<number>])[]): Held[] {
  const ends = new Map<string, Held>();
  const phrases: Held[] = [];
  for (const [run, holders] of runs) {
    const words = run.split(' ');
    const who = [...holders].join();
    const before = ends.get(`${words.slice(0, -1).join(' ')} ${who}`);
    const grows = before !== undefined && before.phrase.split(' ').length < LONGEST;
    const held = grows ? before : { phrase: run, holders };
    if (grows) held.phrase += ` ${words.at(-1)}`;
    else phrases.push(held);
    ends.set(`${words.slice(1).join(' ')} ${who}`, held);
  }
  return phrases;
}

/** `weight` adds up over prompts: a phrase that pays with many prompts weighs more. */
function liftOf(answers: readonly PhraseAnswer[], holders: ReadonlySet<number>) {
  const lifts = contrasts(answers, holders).flatMap(({ having, lacking }) => {
    const rewards = (of: readonly PhraseAnswer[]) => of.flatMap(({ reward }) => (reward === null ? [] : [reward]));
    const [a, b] = [rewards(having), rewards(lacking)];
    return a.length > 0 && b.length > 0 ? [mean(a) - mean(b)] : [];
  });
  return { lift: lifts.length === 0 ? null : mean(lifts), weight: lifts.reduce((a, b) => a + b, 0) };
}

function breadthOf(answers: readonly PhraseAnswer[], holders: ReadonlySet<number>): number | null {
  const signs = contrasts(answers, holders).flatMap(({ having, lacking }) => {
    const own = having[0]!.favours.flatMap((_, c) => {
      const rate = (of: readonly PhraseAnswer[]) => {
        const graded = of.map(({ favours }) => favours[c]).filter((favour) => favour !== null);
        return graded.length === 0 ? null : mean(graded.map(Number));
      };
      const [a, b] = [rate(having), rate(lacking)];
      const differ = a !== null && b !== null && !(a === b && (a === 0 || a === 1));
      return differ ? [Math.sign(a - b)] : [];
    });
    return own.length >= 2 ? own : [];
  });
  return signs.length === 0 ? null : mean(signs);
}

/** Prompts whose answers differ in having the phrase. */
function contrasts(answers: readonly PhraseAnswer[], holders: ReadonlySet<number>) {
  const groups = new Map<number, { having: PhraseAnswer[]; lacking: PhraseAnswer[] }>();
  answers.forEach((answer, i) => {
    const sides = groups.get(answer.group) ?? { having: [], lacking: [] };
    groups.set(answer.group, sides);
    sides[holders.has(i) ? 'having' : 'lacking'].push(answer);
  });
  return [...groups.values()].filter(({ having, lacking }) => having.length > 0 && lacking.length > 0);
}

/**
 * Share of the runs of four words in a text that have occurred in it before; 0 for a short one. slime's repetition_frac
 * asks the same question.
 */
export function repetition(text: string): number {
  const words = wordsOf(text);
  const runs = words.length - 3;
  if (runs < 1) return 0;
  const seen = new Set<string>();
  for (let at = 0; at < runs; at++) seen.add(words.slice(at, at + 4).join(' '));
  return 1 - seen.size / runs;
}
