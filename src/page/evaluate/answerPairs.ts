import type { EvaluatedAnswer } from '../../domain/answerRecord';
import type { Side } from '../../domain/comparisonRequest';
import type { SavedEvaluation } from '../../evaluation/evaluations';
import { derive } from '../../random';
import { orderFrom, type SideOrder } from '../compare/blindVote';

/** The base's and the checkpoint's answer to one prompt, in an order that does not identify them. */
export interface AnswerPair {
  readonly answers: Readonly<Record<Side, EvaluatedAnswer>>;
  readonly order: SideOrder;
}

/** Answers after and before training, in order. The prompt's id decides the sides, so that they stay the same. */
export function pairsOf({
  answers,
  startAnswers,
  entry,
}: Extract<SavedEvaluation, { kind: 'evaluation' }>): AnswerPair[] {
  return startAnswers.flatMap((base, i) => {
    const checkpoint = answers[i];
    const { promptId } = base.example;
    if (checkpoint?.example.promptId !== promptId) return [];
    const first = derive(0, entry.id, promptId, i) % 2 === 0 ? 'base' : 'checkpoint';
    return [{ answers: { base, checkpoint }, order: orderFrom(first) }];
  });
}
