import { trueReward } from '../data/truth';
import { answerGraderName } from '../domain/graderName';
import type { GraderConfig } from '../domain/recipe/grader';
import type { RolloutRecord } from '../domain/rolloutRecord';
import { meanOrNull } from '../domain/statistics';
import type { Grade } from '../domain/verdict';
import { visibleAnswer } from '../domain/visibleAnswer';
import type { StepReport } from './stepReport';

/** A step's answers with their grades, as they are saved, shown and exported. */
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
      meanLogprob: meanOrNull(logprobs) ?? 0,
      meanEntropy: meanOrNull(entropies) ?? 0,
      grader: answerGraderName(grader, judgeOf(report.grades[i]!)),
      criteria: example.rubrics.map(({ criterion, points, tags, check }, c) => {
        const { verdict, explanation, confidence, failure, credit, by } = report.grades[i]![c]!;
        const graded = { criterion, points, tags, verdict, explanation, confidence, failure };
        const own = credit === undefined ? graded : { ...graded, credit };
        return by === 'program' ? { ...own, check } : own;
      }),
    };
  });
}

/** Who graded what no program decided. */
const judgeOf = (grade: Grade) => grade.flatMap(({ by }) => (by === 'policy' || by === 'teacher' ? [by] : []))[0];
