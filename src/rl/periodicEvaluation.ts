import { trueReward } from '../data/truth';
import type { Example } from '../domain/example';
import type { EvaluationMetrics } from '../domain/metrics/evaluationMetrics';
import type { Recipe } from '../domain/recipe/recipe';
import { meanOrNull } from '../domain/statistics';
import { visibleAnswer } from '../domain/visibleAnswer';
import { type PhasedContext, phaseOf } from '../domain/workContext';
import { meanLength } from '../evaluation/evaluation';
import { clippedScore, scoreOf } from '../evaluation/scores';
import type { GraderModel } from '../grading/graderModel';
import { ModelGrader } from '../grading/policyGrader';
import { derive, shuffled } from '../random';
import type { ChatText } from '../text/chatText';
import { answerPrompts, evaluatedAnswers, gradeAnswers } from './evaluate';
import { promptTokens } from './transformerPolicy';

/** After the first step, as the baseline, and every `every` steps. */
export const evaluationDue = ({ every }: Recipe['evaluation'], step: number): boolean =>
  every > 0 && (step === 1 || step % every === 0);

/**
 * The held-out prompts of a run’s periodic evaluation: the first that fit, in an order fixed by its seed. Empty when
 * evaluation is off.
 */
export function periodicPrompts(
  heldOut: readonly Example[],
  { evaluation, seed, maxPromptTokens, thinking }: Recipe,
  text: ChatText,
): Example[] {
  const chosen: Example[] = [];
  if (evaluation.every === 0) return chosen;
  for (const example of shuffled(derive(seed, 'watched prompts'), heldOut)) {
    if (chosen.length === evaluation.prompts) break;
    if (promptTokens(text, example.prompt, thinking).length <= maxPromptTokens) chosen.push(example);
  }
  return chosen;
}

/**
 * Answers by the policy as it is now, at the run's sampling, graded by the weights it started from. The draws are the
 * same at every step, so that a change of the score is a change of the weights. The run's own draws do not change: with
 * and without evaluation a run learns the same.
 */
export async function evaluateRun(
  model: GraderModel,
  text: ChatText,
  run: Recipe,
  examples: readonly Example[],
  { now }: { readonly now: () => number },
  context: PhasedContext<'rollout' | 'grade'> = {},
): Promise<EvaluationMetrics> {
  const started = now();
  const { evaluation, sampling, thinking } = run;
  const seed = derive(run.seed, 'evaluation');
  const options = { answers: evaluation.answers, sampling, thinking, adapter: true, seed };
  const rollouts = await answerPrompts(model, text, examples, options, phaseOf(context, 'rollout'));
  const frozen = new ModelGrader(model, text, { ...run.grader, kind: 'frozen' }, run.seed);
  const grades = await gradeAnswers(frozen, rollouts, { seed }, phaseOf(context, 'grade'));
  const answers = evaluatedAnswers(rollouts, grades, 'frozen');
  const score = clippedScore(
    answers.map(scoreOf).filter((value) => value !== null),
    seed,
  );
  const truths = answers.map(({ example, completion }) => trueReward(example, visibleAnswer(completion)));
  const known = truths.filter((truth) => truth !== null);
  const scored = score.n > 0;
  return {
    'eval/frozen_score': scored ? score.mean : null,
    'eval/score_low': scored ? score.interval[0] : null,
    'eval/score_high': scored ? score.interval[1] : null,
    'eval/mean_length': meanLength(answers).value,
    'eval/true_reward': known.length === truths.length ? meanOrNull(known) : null,
    'time/evaluation': (now() - started) / 1000,
  };
}
