import type { Recipe } from '../domain/recipe/recipe';
import { rubricReward } from '../domain/reward';
import type { Grader } from '../grading/grader';
import { groupAdvantages } from './advantages';
import { type SampledGroups, sampledPrompts, stepAnswers, withRound } from './dynamicSampling';
import type { ExampleStream } from './exampleStream';
import { assertFiniteLogprobs, assertFiniteUpdate } from './notFinite';
import type { Policy } from './policy';
import { needsReference, rewardKl, shapedRewards } from './shapedReward';
import { StepPhases, type TrainContext } from './stepPhases';
import type { StepReport } from './stepReport';

export interface TrainOptions {
  /** Steps already done: 0, or a checkpoint's. */
  readonly startStep: number;
  /** Milliseconds of a steady clock. */
  readonly now?: () => number;
}

/**
 * GRPO with rubric rewards, one step per iteration. The caller drives: ask for the next report to go on, stop asking to
 * pause, `return()` to end. Every draw is a function of (seed, step, round), so a run continued from a checkpoint
 * equals one that was never stopped.
 */
export async function* train(
  run: Recipe,
  policy: Policy,
  grader: Grader,
  examples: ExampleStream,
  { startStep, now = () => performance.now() }: TrainOptions,
  context: TrainContext = {},
): AsyncGenerator<StepReport, void, undefined> {
  const { promptsPerStep, groupSize, maxRefills, sampling } = run;
  for (let index = startStep; index < run.steps; index++) {
    const step = index + 1;
    const phases = new StepPhases(run, index, context, now);
    let groups: SampledGroups = { kept: [], dropped: [] };

    for (let round = 0; round <= maxRefills && groups.kept.length < promptsPerStep; round++) {
      const missing = promptsPerStep - groups.kept.length;
      const prompts =
        round === 0 ? examples.take(index, missing) : examples.refill(index, round, missing, sampledPrompts(groups));
      if (prompts.length === 0) break;
      context.listener?.onPrompts(step, prompts, groupSize);

      const sampled = phases.start('rollout');
      const rollouts = await policy.generate(
        prompts,
        groupSize,
        sampling,
        { seed: phases.seed('rollout', round) },
        sampled,
      );
      assertFiniteLogprobs(rollouts, step);

      const grading = phases.start('grade');
      const grades = await grader.grade(rollouts, { seed: phases.seed('grade', round) }, grading);

      const shaping = phases.start('update');
      const rewards = rollouts.map(({ example }, i) => rubricReward(example.rubrics, grades[i]!, run.grader.ungraded));
      const reference = needsReference(run) ? await policy.referenceLogprobs(rollouts, run, shaping) : null;
      const shaped = shapedRewards(rollouts, rewards, run, reference);
      groups = withRound(groups, { rollouts, grades, rewards, shaped, reference }, run);
    }

    const { reference, ...answers } = stepAnswers(groups, run);
    const advantages = groupAdvantages(answers.shaped, groupSize, run.loss);
    const updating = phases.start('update');
    const learned = await policy.update(answers.rollouts, advantages, run, { step: index }, updating);
    phases.end();
    const update = reference ? { ...learned, kl: rewardKl(answers.rollouts, reference, run.loss) } : learned;
    assertFiniteUpdate(update, step);
    yield { step, ...answers, advantages, update, seconds: phases.seconds };
  }
}
