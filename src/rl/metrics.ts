import { trueReward, trueVerdict } from '../data/truth';
import { type EvaluationMetrics, NO_EVALUATION } from '../domain/metrics/evaluationMetrics';
import type { StepMetrics } from '../domain/metrics/metrics';
import { NO_PROBES, type ProbeMetrics } from '../domain/metrics/probeMetrics';
import { NO_TEACHER } from '../domain/metrics/teacherMetrics';
import { phraseCounts, repetition } from '../domain/phrases';
import type { LossConfig } from '../domain/recipe/loss';
import type { Rollout } from '../domain/rollout';
import { speaksToGrader } from '../domain/speaksToGrader';
import { meanOrNull, populationDeviation, quantile } from '../domain/statistics';
import type { Verdict } from '../domain/verdict';
import { visibleAnswer } from '../domain/visibleAnswer';
import { axisRate, speaksFor } from '../evaluation/axes';
import { statistics } from './advantages';
import { unmaskedOf } from './batch';
import { NO_SPREAD } from './dynamicSampling';
import type { StepReport } from './stepReport';

/**
 * Every number of a step. `probes` when the grader was checked after it, `evaluation` when held-out prompts were
 * answered.
 */
export function stepMetrics(
  report: StepReport,
  { groupSize, loss }: { readonly groupSize: number; readonly loss: Pick<LossConfig, 'truncated'> },
  probes: ProbeMetrics = NO_PROBES,
  evaluation: EvaluationMetrics = NO_EVALUATION,
): StepMetrics {
  const { rollouts, grades, rewards, shaped, dropped, update, seconds } = report;
  const known = rewards.filter((reward) => reward !== null);
  const spreads = groups(rewards, groupSize).filter(({ count }) => count > 1);
  const lengths = rollouts.map(({ logprobs }) => logprobs.length);
  const lengthAt = (share: number) => (lengths.length === 0 ? null : quantile(lengths, share));
  const tokens = lengths.reduce((a, b) => a + b, 0);
  const visible = rollouts.map(({ completion }) => visibleAnswer(completion));
  const verdicts = rollouts.flatMap(({ example }, i) => {
    const answer = visible[i]!;
    return example.rubrics.map((criterion, c) => ({
      verdict: grades[i]![c]!.verdict,
      credit: grades[i]![c]!.credit,
      byProgram: grades[i]![c]!.by === 'program',
      points: criterion.points,
      tags: criterion.tags,
      truth: trueVerdict(example, criterion, answer),
    }));
  });
  // The grader's numbers are about what it graded; a program is always right.
  const judged = verdicts.filter(({ byProgram }) => !byProgram);
  const credits = judged.flatMap(({ credit }) => (credit === undefined ? [] : [credit]));
  const checks = verdicts.filter(({ byProgram }) => byProgram);
  const truths = rollouts.map(({ example }, i) => trueReward(example, visible[i]!));

  return {
    step: report.step,
    reward: meanOrNull(known),
    reward_std: meanOrNull(spreads.map(({ std }) => std)),
    'reward/min': known.length > 0 ? Math.min(...known) : null,
    'reward/max': known.length > 0 ? Math.max(...known) : null,
    'reward/shaped': shaped.some((reward, i) => reward !== rewards[i])
      ? meanOrNull(shaped.filter((r) => r !== null))
      : null,
    'reward/true': truths.every((truth) => truth !== null) ? meanOrNull(truths) : null,
    frac_reward_zero_std: meanOrNull(spreads.map(({ std }) => (std < NO_SPREAD ? 1 : 0))),
    'dynamic_filter/drop_zero_std': dropped?.length ?? null,
    'dynamic_filter/dropped_reward': dropped && meanOrNull(dropped.filter((reward) => reward !== null)),
    'completions/mean_length': meanOrNull(lengths),
    'completions/median_length': lengthAt(0.5),
    'completions/p10_length': lengthAt(0.1),
    'completions/p90_length': lengthAt(0.9),
    'completions/min_length': lengthAt(0),
    'completions/max_length': lengthAt(1),
    'completions/clipped_ratio': meanOrNull(rollouts.map(({ finish }) => (finish === 'length' ? 1 : 0))),
    'completions/repetition': meanOrNull(visible.map(repetition)),
    'completions/speaks_to_grader': meanOrNull(visible.map((answer) => (speaksToGrader(answer) ? 1 : 0))),
    'axis/completeness': axisRate(verdicts, 'completeness'),
    'axis/accuracy': axisRate(verdicts, 'accuracy'),
    'grader/yes_rate': yesRate(judged),
    'grader/yes_rate_positive': yesRate(judged.filter(({ points }) => points > 0)),
    'grader/yes_rate_negative': yesRate(judged.filter(({ points }) => points < 0)),
    'grader/ungraded': meanOrNull(judged.map(({ verdict }) => (verdict === 'ungraded' ? 1 : 0))),
    'grader/true_agreement': meanOrNull(
      judged
        .filter(({ verdict, truth }) => verdict !== 'ungraded' && truth !== null)
        .map(({ verdict, truth }) => ((verdict === 'met') === truth ? 1 : 0)),
    ),
    'grader/credit': meanOrNull(credits),
    'grader/credit_std': credits.length > 0 ? populationDeviation(credits) : null,
    'check/passed': meanOrNull(checks.map(({ verdict, points }) => (speaksFor(verdict, points) ? 1 : 0))),
    'check/criteria': checks.length > 0 ? checks.length / rollouts.length : null,
    loss: update.loss,
    grad_norm: update.gradNorm,
    learning_rate: update.learningRate,
    entropy: meanEntropy(unmaskedOf(rollouts, loss.truncated)),
    kl: update.kl,
    'clip_ratio/region_mean': update.clipRatio,
    'sampling/sampling_logp_difference/mean': update.logprobDifference,
    num_tokens: tokens,
    ...probes,
    ...NO_TEACHER,
    ...evaluation,
    'time/rollout': seconds.rollout,
    'time/grade': seconds.grade,
    'time/update': seconds.update,
    step_time: seconds.rollout + seconds.grade + seconds.update,
    phrases: phraseCounts(
      rollouts.map(({ group, example }, i) => ({
        group,
        completion: visible[i]!,
        reward: rewards[i]!,
        favours: example.rubrics.map(({ points }, c) => speaksFor(grades[i]![c]!.verdict, points)),
      })),
    ),
  };
}

/** Mean over the tokens of answers, in nats; null without any. */
export function meanEntropy(rollouts: readonly Pick<Rollout, 'entropies'>[]): number | null {
  const tokens = rollouts.reduce((sum, { entropies }) => sum + entropies.length, 0);
  const sum = rollouts.reduce((sum, { entropies }) => sum + entropies.reduce((a, b) => a + b, 0), 0);
  return tokens > 0 ? sum / tokens : null;
}

const groups = (rewards: readonly (number | null)[], size: number) =>
  Array.from({ length: Math.ceil(rewards.length / size) }, (_, g) =>
    statistics(rewards.slice(g * size, (g + 1) * size)),
  );

function yesRate(verdicts: readonly { readonly verdict: Verdict }[]): number | null {
  return meanOrNull(
    verdicts.filter(({ verdict }) => verdict !== 'ungraded').map(({ verdict }) => (verdict === 'met' ? 1 : 0)),
  );
}
