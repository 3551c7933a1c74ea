import { wordsOf } from '../data/checks/textParts';
import { trueVerdict } from '../data/truth';
import type { EvaluatedAnswer } from '../domain/answerRecord';
import type { Criterion, Example } from '../domain/example';
import { groupBy } from '../domain/groupBy';
import { visibleAnswer } from '../domain/visibleAnswer';
import { derive, shuffled } from '../random';

/** Two answers to one prompt, of which one meets a criterion and the other does not: what group-relative learning needs. */
export interface AnswerPair {
  readonly example: Example;
  readonly criterion: Criterion;
  readonly met: string;
  readonly notMet: string;
  /** Recorded verdicts on both, or an ideal answer beside that to another prompt. */
  readonly from: 'recorded' | 'mismatched';
}

/** Of one prompt, at most: pairs of one prompt say less than pairs of two. */
const PER_PROMPT = 3;

/**
 * Pairs to check a grader with, drawn by seed: recorded ones first, then ideal answers beside the ideal answer to
 * another prompt that is nearest in length, on positive criteria. What a program checks is left out, as the grader does
 * not decide it.
 */
export function answerPairs(
  examples: readonly Example[],
  recorded: readonly EvaluatedAnswer[],
  { pairs, seed, checks }: { readonly pairs: number; readonly seed: number; readonly checks: 'program' | 'grader' },
): AnswerPair[] {
  const judged = ({ check }: Criterion) => !check || checks === 'grader';
  const all = [
    ...shuffled(derive(seed, 'recorded pairs'), recordedPairs(recorded, judged)),
    ...shuffled(derive(seed, 'mismatched pairs'), mismatchedPairs(examples, judged)),
  ];
  const perPrompt = new Map<string, number>();
  return all
    .filter(({ example: { promptId } }) => {
      const own = perPrompt.get(promptId) ?? 0;
      perPrompt.set(promptId, own + 1);
      return own < PER_PROMPT;
    })
    .slice(0, pairs);
}

function recordedPairs(answers: readonly EvaluatedAnswer[], judged: (criterion: Criterion) => boolean): AnswerPair[] {
  return [...groupBy(answers, ({ example }) => example.promptId).values()].flatMap((own) => {
    const { example } = own[0]!;
    return example.rubrics.flatMap((criterion, c): AnswerPair[] => {
      const having = (verdict: 'met' | 'notMet') => own.find(({ grade }) => grade[c]?.verdict === verdict)?.completion;
      const [met, notMet] = [having('met'), having('notMet')];
      if (met === undefined || notMet === undefined || !judged(criterion)) return [];
      return [{ example, criterion, met, notMet, from: 'recorded' }];
    });
  });
}

function mismatchedPairs(examples: readonly Example[], judged: (criterion: Criterion) => boolean): AnswerPair[] {
  const answered = examples
    .flatMap((example) => (example.idealCompletion?.trim() ? [{ example, ideal: example.idealCompletion }] : []))
    .sort((a, b) => a.ideal.length - b.ideal.length);
  return answered.flatMap(({ example, ideal }, i) =>
    example.rubrics.flatMap((criterion): AnswerPair[] => {
      if (criterion.points <= 0 || !judged(criterion)) return [];
      // Sorted by length: neighbours are nearest. Where the truth is known it must differ.
      const fits = (other: (typeof answered)[number]) =>
        !other.example.rubrics.some((own) => own.criterion === criterion.criterion) &&
        trueVerdict(example, criterion, visibleAnswer(other.ideal)) !== true;
      const near = Array.from({ length: 2 * NEAR }, (_, k) => i + (k % 2 === 0 ? 1 + (k >> 1) : -1 - (k >> 1)));
      const other = near.flatMap((at) => answered[at] ?? []).find(fits);
      if (!other || trueVerdict(example, criterion, visibleAnswer(ideal)) === false) return [];
      return [{ example, criterion, met: ideal, notMet: other.ideal, from: 'mismatched' }];
    }),
  );
}

/** Neighbours in length that are looked at on either side. */
const NEAR = 20;

/** Share of the criterion's different words that the answer has. */
export function wordOverlap(criterion: string, answer: string): number {
  const wanted = new Set(wordsOf(criterion));
  const has = new Set(wordsOf(answer));
  return wanted.size === 0 ? 0 : [...wanted].filter((word) => has.has(word)).length / wanted.size;
}
