import type { ComparisonRequest, Side } from '../../domain/comparisonRequest';
import type { Example } from '../../domain/example';
import type { CriterionGrade } from '../../domain/verdict';
import { scoreOf } from '../../evaluation/scores';
import type { Notice } from '../../protocol/protocol';
import { type CastVote, countVotes, orderFrom, type SideOrder, type Vote, type VoteCounts } from './blindVote';

/** An answer as far as it is written. */
export interface WrittenSide {
  readonly text: string;
  readonly tokens: number;
  /** Null until it has ended. */
  readonly finish: 'stop' | 'length' | null;
}

/** One question to both, as far as it has come. */
export interface AskedSides {
  readonly request: ComparisonRequest;
  /** Null until the worker has found it. */
  readonly example: Example | null;
  readonly grader: string | null;
  readonly written: Readonly<Record<Side, WrittenSide | null>>;
  /** Per criterion; null where no verdict has come yet. */
  readonly grades: Readonly<Record<Side, readonly (CriterionGrade | null)[]>>;
  /** Null while it is under way. */
  readonly ended: 'done' | 'stopped' | 'failed' | null;
  readonly vote: Vote | null;
  /** The names were in view before a vote. */
  readonly named: boolean;
}

/** A vote on a checkpoint. */
export interface SubjectVote extends CastVote {
  /** `run/step` */
  readonly subject: string;
}

export const newSides = (request: ComparisonRequest, { blind }: { readonly blind: boolean }): AskedSides => ({
  request,
  example: null,
  grader: null,
  written: { base: null, checkpoint: null },
  grades: { base: [], checkpoint: [] },
  ended: null,
  vote: null,
  named: !blind,
});

type SidesNotice = Extract<Notice, { type: 'sidesAsked' | 'sidesText' | 'sidesVerdict' | 'sidesEnded' }>;

/** With what a notice says; the same where it is about an earlier question. */
export function withNotice(asked: AskedSides | null, notice: SidesNotice): AskedSides | null {
  if (!asked || asked.request.id !== notice.id) return asked;
  switch (notice.type) {
    case 'sidesAsked': {
      const none = notice.example.rubrics.map(() => null);
      return { ...asked, example: notice.example, grader: notice.grader, grades: { base: none, checkpoint: none } };
    }
    case 'sidesText': {
      const { side, text, tokens, finish } = notice;
      return { ...asked, written: { ...asked.written, [side]: { text, tokens, finish } } };
    }
    case 'sidesVerdict': {
      const own = asked.grades[notice.side].map((grade, c) => (c === notice.criterion ? notice.grade : grade));
      return { ...asked, grades: { ...asked.grades, [notice.side]: own } };
    }
    case 'sidesEnded':
      return { ...asked, ended: notice.how };
  }
}

/** The side that stands on the left is A. */
export const sidesShown = ({ request }: AskedSides): SideOrder => orderFrom(request.first);

/** Both answers can be read to their end. */
export const bothWritten = ({ written }: AskedSides): boolean =>
  (written.base?.finish ?? null) !== null && (written.checkpoint?.finish ?? null) !== null;

export type SidesPhase = 'loading' | 'answering' | 'grading' | 'done' | 'stopped' | 'failed';

export function phaseOf(asked: AskedSides): SidesPhase {
  if (asked.ended !== null) return asked.ended;
  if (bothWritten(asked)) return 'grading';
  return asked.written.base || asked.written.checkpoint ? 'answering' : 'loading';
}

/** Score of a side once every criterion has its verdict; null before that, and where nothing positive could be graded. */
export function sideScore({ example, grades }: AskedSides, side: Side): number | null {
  const own = grades[side].flatMap((grade) => grade ?? []);
  if (!example || example.rubrics.length === 0 || own.length < example.rubrics.length) return null;
  return scoreOf({ example, grade: own });
}

/** The votes on one checkpoint. */
export const votesOn = (votes: readonly SubjectVote[], subject: string): VoteCounts =>
  countVotes(votes.filter((cast) => cast.subject === subject));
