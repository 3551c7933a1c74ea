import { expect, it } from 'vitest';
import { parseAnswer } from '../domain/answerRecord';
import { testExample, testRollout } from '../rl/test/testModel';
import type { GradingContext } from './grader';
import { recordedTeacher } from './recordedTeacher';
import { NO_USAGE } from './teacher';

const rollout = (promptId: string, completion: string) => testRollout(testExample(promptId), 0, completion);
const criteria = (...verdicts: object[]) =>
  verdicts.map((verdict, i) => ({ criterion: `criterion ${i}`, points: 1, ...verdict }));

it('finds grades by prompt and answer in our layout and in that of simple-evals; the rest is ungraded with the reason', async () => {
  const own = {
    promptId: 'p',
    completion: '<think>hm</think>Call now.<|im_end|>',
    criteria: criteria(
      { verdict: 'met', explanation: 'it does', confidence: 0.9, failure: null },
      { verdict: 'ungraded', failure: 'cut off' },
    ),
  };
  const simpleEvals = {
    prompt_id: 'q',
    completion: [{ role: 'assistant', content: 'Rest.' }],
    rubric_items: criteria({ criteria_met: false, explanation: 'no' }),
  };
  const twice = { ...simpleEvals, rubric_items: criteria({ criteria_met: true, explanation: 'later' }) };
  const teacher = recordedTeacher('grades.jsonl', [own, simpleEvals, twice].map(parseAnswer));
  const reported: string[][] = [[], [], [], []];
  const onGrade: GradingContext['onGrade'] = (i, criterion, { verdict }) => {
    reported[i]![criterion] = verdict;
  };
  const grades = await teacher.grader.grade(
    [rollout('p', 'Call now.'), rollout('q', 'Rest.'), rollout('q', 'Call now.'), rollout('p', 'Call now')],
    { seed: 1 },
    { onGrade },
  );
  expect(reported).toEqual(grades.map((grade) => grade.map(({ verdict }) => verdict)));
  expect(grades[0]).toEqual([
    { verdict: 'met', explanation: 'it does', confidence: 0.9, failure: null },
    { verdict: 'ungraded', explanation: '', confidence: null, failure: 'cut off' },
  ]);
  expect(grades[1]).toMatchObject([
    { verdict: 'notMet', explanation: 'no' },
    { verdict: 'ungraded', failure: 'the file has no verdict on this criterion' },
  ]);
  for (const missing of grades.slice(2)) {
    expect(missing.map(({ verdict, failure }) => [verdict, failure])).toEqual(
      new Array(2).fill(['ungraded', 'the file has no grade of this answer']),
    );
  }
  expect(teacher.writer).toBeNull();
  expect(teacher.takeUsage()).toEqual(NO_USAGE);
});
