import { expect, it } from 'vitest';
import { checkSchema } from '../domain/check';
import type { Rollout } from '../domain/rollout';
import type { Grade } from '../domain/verdict';
import { testExample, testRollout } from '../rl/test/testModel';
import { gradeWithChecks } from './gradeChecks';

const short = { criterion: 'Is short', points: 3, tags: [], check: checkSchema.parse({ kind: 'words', most: 3 }) };
const kind = { criterion: 'Is kind', points: 5, tags: [] };
const mixed = { ...testExample('mixed'), rubrics: [short, kind, { ...short, points: -2 }] };
const checked = { ...testExample('checked'), rubrics: [short] };
const rollouts = [
  testRollout(checked, 0, '<think>one two three four</think>One two.'),
  testRollout(mixed, 1, 'One two three four.'),
];

/** Remembers which criteria it was asked about. */
function judge() {
  const asked: string[] = [];
  const grade = async (given: readonly Rollout[]): Promise<Grade[]> =>
    given.map(({ example }) =>
      example.rubrics.map(({ criterion }) => {
        asked.push(criterion);
        return { verdict: 'met', explanation: 'judged', confidence: null, failure: null };
      }),
    );
  return { asked, grade };
}

it('decides checks by program and asks the grader for the rest only', async () => {
  const { asked, grade } = judge();
  const reported: string[] = [];
  const grades = await gradeWithChecks(
    rollouts,
    'program',
    { onGrade: (rollout, c, { verdict }) => reported.push(`${rollout}.${c} ${verdict}`) },
    grade,
  );
  expect(asked).toEqual(['Is kind']);
  expect(grades.map((own) => own.map(({ verdict, by }) => [verdict, by]))).toEqual([
    [['met', 'program']],
    [
      ['notMet', 'program'],
      ['met', undefined],
      ['notMet', 'program'],
    ],
  ]);
  expect(grades[1]![0]!.explanation).toBe('Counted 4.');
  expect(reported).toEqual(['0.0 met', '1.0 notMet', '1.2 notMet']);
});

it('asks nobody where every criterion has a check', async () => {
  const { asked, grade } = judge();
  await gradeWithChecks([rollouts[0]!], 'program', {}, grade);
  expect(asked).toEqual([]);
});

it('leaves all to the grader where the recipe says so', async () => {
  const { asked, grade } = judge();
  const grades = await gradeWithChecks(rollouts, 'grader', {}, grade);
  expect(asked).toHaveLength(4);
  expect(grades.flat().every(({ by }) => by === undefined)).toBe(true);
});
