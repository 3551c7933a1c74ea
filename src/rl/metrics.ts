import { trueReward, trueVerdict } from '../data/syntheticWorld';
import { type EvaluationMetrics, NO_EVALUATION } from '../domain/metrics/evaluationMetrics';
import type { StepMetrics } from '../domain/metrics/metrics';
import { NO_PROBES, type ProbeMetrics } from '../domain/metrics/probeMetrics';
import { NO_TEACHER } from '../domain/metrics/teacherMetrics';
import { phraseCounts, repetition } from '../domain/phrases';
import type { Verdict } from '../domain/verdict';
import { visibleAnswer } from '../domain/visibleAnswer';
import { axisRate, speaksFor } from '../evaluation/axes';
import { statistics } from './advantages';
import { NO_SPREAD } from './dynamicSampling';
import type { StepReport } from './train';

/** Every number of a step. `probes` when the grader was checked after it, `evaluation` when held-out prompts were answered. */
export function stepMetrics(
  report: StepReport,
  groupSize: number,
  probes: ProbeMetrics = NO_PROBES,
  evaluation: EvaluationMetrics = NO_EVALUATION,
): StepMetrics {
  const { rollouts, grades, rewards, shaped, dropped, update, seconds } = report;
  const known = rewards.filter((reward) => reward !== null);
  const spreads = groups(rewards, groupSize).filter(({ count }) => count > 1);
  const lengths = rollouts.map(({ logprobs }) => logprobs.length).sort((a, b) => a - b);
  const tokens = lengths.reduce((a, b) => a + b, 0);
  const entropy = rollouts.reduce((sum, { entropies }) => sum + entropies.reduce((a, b) => a + b, 0), 0);
  const visible = rollouts.map(({ completion }) => visibleAnswer(completion));
  const verdicts = rollouts.flatMap(({ example }, i) => {
    const answer = visible[i]!;
    return example.rubrics.map((criterion, c) => ({
      verdict: grades[i]![c]!.verdict,
      points: criterion.points,
      tags: criterion.tags,
      truth: trueVerdict(example, criterion, answer),
    }));
  });
  const truths = rollouts.map(({ example }, i) => trueReward(example, visible[i]!));

  return {
    step: report.step,
    reward: average(known),
    reward_std: average(spreads.map(({ std }) => std)),
    'reward/min': known.length > 0 ? Math.min(...known) : null,
    'reward/max': known.length > 0 ? Math.max(...known) : null,
    'reward/shaped': shaped.some((reward, i) => reward !== rewards[i])
      ? average(shaped.filter((r) => r !== null))
      : null,
    'reward/true': truths.every((truth) => truth !== null) ? average(truths) : null,
    frac_reward_zero_std: average(spreads.map(({ std }) => (std < NO_SPREAD ? 1 : 0))),
    'dynamic_filter/drop_zero_std': dropped?.length ?? null,
    'dynamic_filter/dropped_reward': dropped && average(dropped.filter((reward) => reward !== null)),
    'completions/mean_length': average(lengths),
    'completions/median_length': quantile(lengths, 0.5),
    'completions/p10_length': quantile(lengths, 0.1),
    'completions/p90_length': quantile(lengths, 0.9),
    'completions/min_length': lengths[0] ?? null,
    'completions/max_length': lengths.at(-1) ?? null,
    'completions/clipped_ratio': average(rollouts.map(({ finish }) => (finish === 'length' ? 1 : 0))),
    'completions/repetition': average(visible.map(repetition)),
    'axis/completeness': axisRate(verdicts, 'completeness'),
    'axis/accuracy': axisRate(verdicts, 'accuracy'),
    'grader/yes_rate': yesRate(verdicts),
    'grader/yes_rate_positive': yesRate(verdicts.filter(({ points }) => points > 0)),
    'grader/yes_rate_negative': yesRate(verdicts.filter(({ points }) => points < 0)),
    'grader/ungraded': average(verdicts.map(({ verdict }) => (verdict === 'ungraded' ? 1 : 0))),
    'grader/true_agreement': average(
      verdicts
        .filter(({ verdict, truth }) => verdict !== 'ungraded' && truth !== null)
        .map(({ verdict, truth }) => ((verdict === 'met') === truth ? 1 : 0)),
    ),
    loss: update.loss,
    grad_norm: update.gradNorm,
    learning_rate: update.learningRate,
    entropy: tokens > 0 ? entropy / tokens : null,
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

const groups = (rewards: readonly (number | null)[], size: number) =>
  Array.from({ length: Math.ceil(rewards.length / size) }, (_, g) =>
    statistics(rewards.slice(g * size, (g + 1) * size)),
  );

const average = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;

/** Of ascending values, interpolated linearly as NumPy does. */
function quantile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
}

function yesRate(verdicts: readonly { readonly verdict: Verdict }[]): number | null {
  return average(
    verdicts.filter(({ verdict }) => verdict !== 'ungraded').map(({ verdict }) => (verdict === 'met' ? 1 : 0)),
  );
}
