import type { Side } from '../../domain/comparisonRequest';
import type { Example } from '../../domain/example';
import type { Sampling } from '../../domain/recipe/sampling';
import type { CriterionGrade } from '../../domain/verdict';
import type { WorkContext } from '../../domain/workContext';
import type { Grader } from '../../grading/grader';
import type { GraderModel } from '../../grading/graderModel';
import { concat } from '../../grading/gradingRequest';
import { derive } from '../../random';
import { givenAnswer } from '../../rl/evaluate';

/**
 * Tokens that a side writes before it is the other's turn, with one read-back: few enough to be read as they come, at
 * the price of computing up to a block of the cache (16 tokens) again at each turn.
 */
const TURN = 4;

/** An answer while it is written. */
export interface SideAnswer {
  readonly tokens: Int32Array;
  /** Null until it has ended. */
  readonly finish: 'stop' | 'length' | null;
}

interface AnswerContext extends Pick<WorkContext, 'signal'> {
  readonly onAnswer: (side: Side, answer: SideAnswer) => void;
}

interface GradeContext extends Pick<WorkContext, 'signal'> {
  readonly onGrade: (side: Side, criterion: number, grade: CriterionGrade) => void;
}

/** The two models in their order. */
export const orderOf = (first: Side): readonly [Side, Side] =>
  first === 'base' ? ['base', 'checkpoint'] : ['checkpoint', 'base'];

/**
 * The adapter off and on answer one prompt in turns, so that both can be read while they are written. Draws depend on
 * seed and position alone: each answer is the one that a single call of `generate` makes. Throws an AbortError on
 * abort.
 */
export async function answerBoth(
  model: Pick<GraderModel, 'config' | 'generate'>,
  prompt: Int32Array,
  { sampling, seed, first }: { readonly sampling: Sampling; readonly seed: number; readonly first: Side },
  { signal, onAnswer }: AnswerContext,
): Promise<Record<Side, SideAnswer>> {
  const empty: SideAnswer = { tokens: new Int32Array(), finish: null };
  const answers = { base: empty, checkpoint: empty };
  while (answers.base.finish === null || answers.checkpoint.finish === null) {
    for (const side of orderOf(first)) {
      const { tokens, finish } = answers[side];
      if (finish !== null) continue;
      const left = sampling.maxNewTokens - tokens.length;
      const options = {
        sampling: { ...sampling, maxNewTokens: Math.min(TURN, left) },
        endTokens: model.config.endTokens,
        adapter: side === 'checkpoint',
      };
      const [turn] = await model.generate([{ tokens: concat(prompt, tokens), seed }], options, { signal });
      signal?.throwIfAborted();
      const ended = turn!.finish === 'stop' ? 'stop' : left <= TURN ? 'length' : null;
      answers[side] = { tokens: concat(tokens, turn!.tokens), finish: ended };
      onAnswer(side, answers[side]);
    }
  }
  return answers;
}

/**
 * Grades one criterion of both answers after the other, so that verdicts show as they come. Throws an AbortError on
 * abort.
 */
export async function gradeBoth(
  grader: Grader,
  example: Example,
  completions: Readonly<Record<Side, string>>,
  { seed, first }: { readonly seed: number; readonly first: Side },
  { signal, onGrade }: GradeContext,
): Promise<void> {
  const order = orderOf(first);
  for (const [c, criterion] of example.rubrics.entries()) {
    const single = { ...example, rubrics: [criterion] };
    const rollouts = order.map((side) => givenAnswer(single, completions[side], 0));
    const grades = await grader.grade(rollouts, { seed: derive(seed, 'side by side', c) }, { signal });
    signal?.throwIfAborted();
    order.forEach((side, i) => {
      onGrade(side, c, grades[i]![0]!);
    });
  }
}
