import type { Example } from '../domain/example';
import { applyFilter, type Filter, isFiltering, NO_FILTER } from '../domain/filter';
import { derive } from '../random';
import type { LocatedExample, ParsedFile } from './parse';

export interface Split {
  readonly train: readonly LocatedExample[];
  readonly heldOut: readonly LocatedExample[];
  /** How it was made, in words. */
  readonly how: string;
  /** Ids of the prompts that the filter drops, from either side. */
  readonly filteredOut: ReadonlySet<string>;
}

type Sides = Omit<Split, 'filteredOut'>;
type Pass = (list: readonly LocatedExample[]) => readonly LocatedExample[];

/** Ids of the prompts whose verdicts are not learned from: held out, or filtered out. */
export const notTrainedOn = ({ heldOut, filteredOut }: Pick<Split, 'heldOut' | 'filteredOut'>): Set<string> =>
  new Set([...heldOut.map(({ example }) => example.promptId), ...filteredOut]);

/** The files cannot be used together; the message says why and what to do. */
export class DataError extends Error {
  override name = 'DataError';
}

const HELD_OUT_NAME = /hard|held|test|eval\b/i;

/**
 * Training and held-out examples. Hard examples are never trained on: they are the smaller of two nested files, or the
 * rows that a preprocessed file marks. Otherwise a share is held out by seed. (The method's published script swaps the
 * two names; this does not.) The filter applies to both sides, before the share is drawn. It never decides which rows
 * are hard, and may leave nothing.
 */
export function splitExamples(
  files: readonly ParsedFile[],
  { seed, heldOutShare, filter = NO_FILTER }: { seed: number; heldOutShare: number; filter?: Filter | undefined },
): Split {
  const filteredOut = new Set<string>();
  const pass: Pass = (list) =>
    isFiltering(filter) ? list.flatMap((item) => passing(item, filter, filteredOut)) : list;
  const filled = files.filter(({ examples }) => examples.length > 0);
  const [first, second] = filled;
  if (!first && files.some(({ withoutRubric }) => withoutRubric.length > 0)) {
    return { train: [], heldOut: [], how: 'no prompt has a rubric, so nothing can be held out', filteredOut };
  }
  if (!first) throw new DataError('The data has no usable example.');
  if (filled.length > 2) throw new DataError('Open one data file, or two: the full file and the hard one.');
  const split = second ? splitFiles(first, second, pass) : withoutTwins(splitFile(first, seed, heldOutShare, pass));
  if (split.train.length === 0 && filteredOut.size === 0)
    throw new DataError('All examples are held out, so there is nothing to train on.');
  assertDisjoint(split);
  return { ...split, filteredOut };
}

function passing(located: LocatedExample, filter: Filter, filteredOut: Set<string>): LocatedExample[] {
  const result = applyFilter(located.example, filter);
  if ('example' in result) return [{ ...located, example: result.example }];
  filteredOut.add(located.example.promptId);
  return [];
}

/**
 * One conversation may have several ids, each with its own rubric. A split by id drops training examples whose
 * conversation is held out; two separate files with such a pair are refused as a mistake.
 */
function withoutTwins({ train, heldOut, how }: Sides): Sides {
  const held = new Set(heldOut.map(({ example }) => conversationKey(example.prompt)));
  const kept = train.filter(({ example }) => !held.has(conversationKey(example.prompt)));
  const left = train.length - kept.length;
  return {
    train: kept,
    heldOut,
    how: left === 0 ? how : `${how}; ${left} skipped because their conversation is held out`,
  };
}

function splitFile({ examples: read, kind }: ParsedFile, seed: number, share: number, pass: Pass): Sides {
  const hard = read.filter((located) => located.hard === true);
  if (hard.length > 0 && hard.length < read.length) {
    const train = read.filter((located) => located.hard !== true);
    return { train: pass(train), heldOut: pass(hard), how: 'hard examples held out, as marked in the file' };
  }
  const examples = pass(read);
  const chosen = heldOutIds(
    examples.map(({ example }) => example.promptId),
    seed,
    share,
  );
  const size = chosen.size;
  const what = kind === 'hard' ? 'of the hard examples ' : '';
  return {
    train: examples.filter(({ example }) => !chosen.has(example.promptId)),
    heldOut: examples.filter(({ example }) => chosen.has(example.promptId)),
    how: size === 0 ? 'nothing held out' : `${Math.round(share * 100)} % ${what}held out by seed ${seed}`,
  };
}

/** A share of the ids, never all of them, by a hash of each: the order of the file does not matter. */
export function heldOutIds(ids: readonly string[], seed: number, share: number): Set<string> {
  const size = Math.max(0, Math.min(Math.round(share * ids.length), ids.length - 1));
  const drawn = ids
    .map((id) => ({ id, key: derive(seed, 'held out', id) }))
    .sort((a, b) => a.key - b.key || (a.id < b.id ? -1 : 1));
  return new Set(drawn.slice(0, size).map(({ id }) => id));
}

function splitFiles(a: ParsedFile, b: ParsedFile, pass: Pass): Sides {
  const [small, large] = a.examples.length <= b.examples.length ? [a, b] : [b, a];
  const largeIds = new Set(large.examples.map(({ example }) => example.promptId));
  const shared = small.examples.filter(({ example }) => largeIds.has(example.promptId)).length;

  if (shared === small.examples.length && shared < large.examples.length) {
    const heldOutIds = new Set(small.examples.map(({ example }) => example.promptId));
    const train = large.examples.filter(({ example }) => !heldOutIds.has(example.promptId));
    const how = 'easy for training, hard held out, by prompt_id';
    return withoutTwins({ train: pass(train), heldOut: pass(small.examples), how });
  }
  if (shared > 0) {
    throw new DataError(
      `${a.name} and ${b.name} share ${shared} examples, but neither contains the other, so training and held-out examples would overlap. Remove the shared examples from one file.`,
    );
  }
  const held = [a, b].filter((file) => file.kind === 'hard' || HELD_OUT_NAME.test(file.name));
  if (held.length !== 1) {
    throw new DataError(
      `${a.name} and ${b.name} have no example in common, and their names do not say which one to hold out. Add “hard” or “held-out” to its name.`,
    );
  }
  const heldOut = held[0]!;
  const train = heldOut === a ? b : a;
  return { train: pass(train.examples), heldOut: pass(heldOut.examples), how: `${heldOut.name} held out` };
}

/** A file is split again when the recipe changes; its keys are computed once. */
const keys = new WeakMap<Example['prompt'], string>();

/** Equal for equal conversations. */
export function conversationKey(prompt: Example['prompt']): string {
  const known = keys.get(prompt);
  if (known !== undefined) return known;
  const key = JSON.stringify(prompt.map(({ role, content }) => [role, content]));
  keys.set(prompt, key);
  return key;
}

/** Throws DataError when an id or a whole conversation is on both sides. */
export function assertDisjoint({ train, heldOut }: Pick<Split, 'train' | 'heldOut'>): void {
  const key = ({ prompt }: Example) => conversationKey(prompt);
  const ids = new Set(train.map(({ example }) => example.promptId));
  const conversations = new Set(train.map(({ example }) => key(example)));
  const both = heldOut.filter(({ example }) => ids.has(example.promptId) || conversations.has(key(example)));
  if (both.length > 0) {
    const names = both.slice(0, 3).map(({ file, line }) => `${file} line ${line}`);
    throw new DataError(
      `${both.length} held-out examples are also in the training data (${names.join(', ')}${both.length > 3 ? ', …' : ''}). Remove them from one file.`,
    );
  }
}
