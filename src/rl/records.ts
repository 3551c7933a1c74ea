import { trueReward } from '../data/syntheticWorld';
import type { GraderConfig } from '../domain/recipe/recipe';
import type { RolloutRecord } from '../domain/rolloutRecord';
import type { CriterionGrade } from '../domain/verdict';
import { visibleAnswer } from '../domain/visibleAnswer';
import type { StepReport } from './train';

/** A step's answers with their grades, as they are kept, shown and exported. */
export function rolloutRecords(report: StepReport, groupSize: number, grader: GraderConfig): RolloutRecord[] {
  return report.rollouts.map((rollout, i) => {
    const { example, group, tokens, promptLength, logprobs, entropies, completion, finish } = rollout;
    return {
      step: report.step,
      group,
      index: i % groupSize,
      promptId: example.promptId,
      prompt: example.prompt,
      completion,
      finish,
      promptTokens: promptLength,
      completionTokens: tokens.length - promptLength,
      reward: report.rewards[i]!,
      ...(report.shaped[i] !== report.rewards[i] && { shapedReward: report.shaped[i]! }),
      advantage: report.advantages[i]!,
      trueReward: trueReward(example, visibleAnswer(completion)),
      meanLogprob: mean(logprobs),
      meanEntropy: mean(entropies),
      grader: graderName(grader, report.grades[i]![0]?.by),
      criteria: example.rubrics.map(({ criterion, points, tags }, c) => {
        const { verdict, explanation, confidence, failure } = report.grades[i]![c]!;
        return { criterion, points, tags, verdict, explanation, confidence, failure };
      }),
    };
  });
}

/** Who graded an answer, in words. */
function graderName({ kind, mode, teacher }: GraderConfig, by: CriterionGrade['by']): string {
  if (by === 'policy') return `self, ${mode}`;
  if (kind !== 'teacher' && by !== 'teacher') return `${kind}, ${mode}`;
  return `teacher, ${teacher?.kind === 'endpoint' ? teacher.model : (teacher?.name ?? 'unnamed')}`;
}

/** 0 for an empty answer. */
export const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? 0 : sum / values.length;
};
