import type { Side } from '../../domain/comparisonRequest';
import { wilson } from '../../domain/statistics';

/** A blind vote between two answers, A on the left and B on the right: one by the checkpoint, one by the base. */

/** Which answer stands where. */
export type SideOrder = readonly [left: Side, right: Side];
export const orderFrom = (first: Side): SideOrder =>
  first === 'base' ? ['base', 'checkpoint'] : ['checkpoint', 'base'];

/** The button that a person presses, and the side it prefers. */
export type Choice = 'left' | 'right' | 'same';
export type Vote = Side | 'same';

export const voteFor = (choice: Choice, [left, right]: SideOrder): Vote =>
  choice === 'same' ? 'same' : choice === 'left' ? left : right;

/** The button that gave the vote. */
export const choiceOf = (vote: Vote, [left]: SideOrder): Choice =>
  vote === 'same' ? 'same' : vote === left ? 'left' : 'right';

export interface CastVote {
  readonly vote: Vote;
  /** False when the names were visible. */
  readonly blind: boolean;
}

export interface VoteCounts {
  readonly checkpoint: number;
  readonly base: number;
  readonly same: number;
  /** Votes with visible names: not counted. */
  readonly open: number;
  /** Votes for the checkpoint among those that prefer one, with its 95 % Wilson interval; null without one. */
  readonly preferred: { readonly share: number; readonly interval: readonly [number, number] } | null;
}

/** Counts the blind votes. */
export function countVotes(votes: readonly CastVote[]): VoteCounts {
  const count = (wanted: Vote) => votes.filter(({ vote, blind }) => blind && vote === wanted).length;
  const [checkpoint, base, same] = [count('checkpoint'), count('base'), count('same')];
  const decided = checkpoint + base;
  return {
    checkpoint,
    base,
    same,
    open: votes.filter(({ blind }) => !blind).length,
    preferred: decided === 0 ? null : { share: checkpoint / decided, interval: wilson(checkpoint, decided) },
  };
}
