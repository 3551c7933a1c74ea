import type { RecordedAnswer } from '../domain/answerRecord';
import type { Grade } from '../domain/verdict';
import { visibleAnswer } from '../domain/visibleAnswer';
import { gradeWithChecks } from './gradeChecks';
import type { Grader } from './grader';
import { ungraded } from './readVerdict';
import { NO_USAGE, type Teacher } from './teacher';

/**
 * Grades from a file: of the prompt with the same id and the same answer, by the criterion's words. What the file does
 * not have is ungraded. An answer that it has twice counts as it stands first.
 */
export function recordedTeacher(name: string, answers: readonly RecordedAnswer[]): Teacher {
  const byAnswer = new Map<string, Map<string, Grade[number]>>();
  for (const { promptId, completion, verdicts } of answers) {
    const key = keyOf(promptId, completion);
    if (byAnswer.has(key)) continue;
    byAnswer.set(
      key,
      new Map(
        verdicts.map(({ criterion, verdict, explanation, confidence, failure }) => [
          criterion.trim(),
          { verdict, explanation, confidence, failure },
        ]),
      ),
    );
  }
  const grader: Grader = {
    grade: (all, _, context = {}) =>
      gradeWithChecks(all, 'program', context, async (rollouts, { signal, onProgress, onGrade }) => {
        signal?.throwIfAborted();
        onProgress?.(rollouts.length, rollouts.length);
        return rollouts.map(({ example, completion }, rollout) => {
          const verdicts = byAnswer.get(keyOf(example.promptId, completion));
          const missing = verdicts
            ? 'the file has no verdict on this criterion'
            : 'the file has no grade of this answer';
          const grade = example.rubrics.map(({ criterion }) => verdicts?.get(criterion.trim()) ?? ungraded(missing));
          grade.forEach((own, criterion) => {
            onGrade?.(rollout, criterion, own);
          });
          return grade;
        });
      }),
  };
  return { name, grader, writer: null, takeUsage: () => NO_USAGE, release: () => {} };
}

/** Files may have the raw answer or what a grader saw of it. */
const keyOf = (promptId: string, completion: string): string => JSON.stringify([promptId, visibleAnswer(completion)]);
