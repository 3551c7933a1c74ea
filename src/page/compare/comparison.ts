import type { ComparisonRequest, Side } from '../../domain/comparisonRequest';
import type { Example } from '../../domain/example';
import type { CriterionGrade } from '../../domain/verdict';
import { scoreOf } from '../../evaluation/scores';
import type { ComparisonEvent } from '../../protocol/requests';
import { type CastVote, countVotes, orderFrom, type SideOrder, type Vote, type VoteCounts } from './blindVote';

/** An answer so far. */
export interface WrittenSide {
  readonly text: string;
  readonly tokens: number;
  /** Null until it has ended. */
  readonly finish: 'stop' | 'length' | null;
}

/** A live comparison so far. */
export interface LiveComparison {
  /** Distinguishes it from earlier ones. */
  readonly id: number;
  readonly request: ComparisonRequest;
  /** Null until the worker has found it. */
  readonly example: Example | null;
  readonly grader: string | null;
  readonly written: Readonly<Record<Side, WrittenSide | null>>;
  /** Per criterion; null where no verdict has come yet. */
  readonly grades: Readonly<Record<Side, readonly (CriterionGrade | null)[]>>;
  /** Null while in progress. */
  readonly ended: 'done' | 'stopped' | 'failed' | null;
  readonly vote: Vote | null;
  /** The names were visible before the vote. */
  readonly named: boolean;
}

/** A vote on a checkpoint. */
export interface SubjectVote extends CastVote {
  /** `run/step` */
  readonly subject: string;
}

let lastId = 0;

export const newComparison = (request: ComparisonRequest, { blind }: { readonly blind: boolean }): LiveComparison => ({
  id: ++lastId,
  request,
  example: null,
  grader: null,
  written: { base: null, checkpoint: null },
  grades: { base: [], checkpoint: [] },
  ended: null,
  vote: null,
  named: !blind,
});

/** Adds an event from the worker. */
export function withEvent(comparison: LiveComparison, event: ComparisonEvent): LiveComparison {
  switch (event.type) {
    case 'prompt': {
      const none = event.example.rubrics.map(() => null);
      return { ...comparison, example: event.example, grader: event.grader, grades: { base: none, checkpoint: none } };
    }
    case 'text': {
      const { side, text, tokens, finish } = event;
      return { ...comparison, written: { ...comparison.written, [side]: { text, tokens, finish } } };
    }
    case 'verdict': {
      const own = comparison.grades[event.side].map((grade, c) => (c === event.criterion ? event.grade : grade));
      return { ...comparison, grades: { ...comparison.grades, [event.side]: own } };
    }
  }
}

/** The side that stands on the left is A. */
export const sideOrder = ({ request }: LiveComparison): SideOrder => orderFrom(request.first);

/** Both answers are complete. */
export const bothWritten = ({ written }: LiveComparison): boolean =>
  (written.base?.finish ?? null) !== null && (written.checkpoint?.finish ?? null) !== null;

export type ComparisonPhase = 'loading' | 'answering' | 'grading' | 'done' | 'stopped' | 'failed';

export function phaseOf(comparison: LiveComparison): ComparisonPhase {
  if (comparison.ended !== null) return comparison.ended;
  if (bothWritten(comparison)) return 'grading';
  return comparison.written.base || comparison.written.checkpoint ? 'answering' : 'loading';
}

/** Score of a side once every criterion has a verdict; null before, and without a graded positive criterion. */
export function sideScore({ example, grades }: LiveComparison, side: Side): number | null {
  const own = grades[side].flatMap((grade) => grade ?? []);
  if (!example || example.rubrics.length === 0 || own.length < example.rubrics.length) return null;
  return scoreOf({ example, grade: own });
}

/** The votes on one checkpoint. */
export const votesOn = (votes: readonly SubjectVote[], subject: string): VoteCounts =>
  countVotes(votes.filter((cast) => cast.subject === subject));
