import { describe, expect, it } from 'vitest';
import { graderSchema } from '../domain/recipe/grader';
import { recipeSchema } from '../domain/recipe/recipe';
import type { Grade } from '../domain/verdict';
import type { Grader, GradingContext } from '../grading/grader';
import { MixedGrader } from '../grading/mixedGrader';
import { ModelGrader } from '../grading/policyGrader';
import { exampleStream } from './exampleStream';
import type { Policy } from './policy';
import type { StepListener } from './stepListener';
import { criterionExamples, graderModel } from './test/testGraderModel';
import { characterText, testRollout } from './test/testModel';
import { train } from './train';

const TEMPLATE = '<<conversation>>\n?<<rubric_item>>';
const rollouts = criterionExamples(2).flatMap((example, group) =>
  ['yes 0', 'no', 'no'].map((completion) => testRollout(example, group, completion)),
);

/** Grades, and the verdicts and tokens that were reported meanwhile. */
async function reported(grader: Grader) {
  const verdicts = rollouts.map(({ example }) => example.rubrics.map(() => ''));
  const written = rollouts.map(({ example }) => example.rubrics.map(() => ''));
  const context: GradingContext = {
    onGrade: (rollout, criterion, { verdict }) => {
      verdicts[rollout]![criterion] = verdict;
    },
    onReasoning: (rollout, criterion, tokens) => {
      written[rollout]![criterion] += characterText.decode(Int32Array.from(tokens));
    },
  };
  const grades = await grader.grade(rollouts, { seed: 1 }, context);
  return { grades: grades.map((grade) => grade.map(({ verdict }) => verdict)), verdicts, written };
}

const model = () => graderModel(({ answer, criterion }) => answer.includes(criterion.at(-1)!));

describe('a grader reports verdicts as it finds them', () => {
  for (const mode of ['json', 'forced', 'verdict'] as const) {
    it(`in ${mode} mode, those that it returns`, async () => {
      const config = graderSchema.parse({ template: TEMPLATE, mode, tries: 2 });
      const { grades, verdicts, written } = await reported(new ModelGrader(model(), characterText, config));
      expect(verdicts).toEqual(grades);
      expect(new Set(grades.flat())).toEqual(new Set(mode === 'json' ? ['ungraded'] : ['met', 'notMet']));
      // The model writes "no 0" whatever it is asked; in json mode that cannot be read, and is written again.
      const text = { json: 'no 0no 0', forced: 'no 0', verdict: '' }[mode];
      expect(new Set(written.flat())).toEqual(new Set([text]));
    });
  }

  it('of the answers that were given to it, when two share them', async () => {
    const config = graderSchema.parse({ template: TEMPLATE, mode: 'verdict', mixed: { share: 0.5 } });
    const graders = [new ModelGrader(model(), characterText, config), new ModelGrader(model(), characterText, config)];
    const { grades, verdicts } = await reported(new MixedGrader(graders[0]!, graders[1]!, config.mixed));
    expect(verdicts).toEqual(grades);
  });
});

it('the loop reports prompts, tokens, reasoning and grades', async () => {
  const log: string[] = [];
  const listener: StepListener = {
    onPrompts: (step, examples, groupSize) =>
      log.push(`step ${step}: ${examples.map((e) => e.promptId)} × ${groupSize}`),
    onTokens: (answer, tokens) => log.push(`${answer} wrote ${tokens}`),
    onReasoning: (answer, criterion, tokens) => log.push(`${answer}/${criterion} reasons ${tokens}`),
    onGrade: (answer, criterion, { verdict }) => log.push(`${answer}/${criterion} ${verdict}`),
  };
  const policy: Pick<Policy, 'generate'> & { update: unknown } = {
    generate: async (examples, groupSize, _, __, context) => {
      context?.onTokens?.(1, [7, 8]);
      return examples.flatMap((example, group) =>
        Array.from({ length: groupSize }, () => testRollout(example, group, 'a')),
      );
    },
    update: async () => ({ loss: 0, gradNorm: 0, kl: null, finite: true }),
  };
  const grader: Grader = {
    grade: async (given, _, { onReasoning, onGrade } = {}) => {
      const grade: Grade = given[0]!.example.rubrics.map(() => ({
        verdict: 'met',
        explanation: '',
        confidence: null,
        failure: null,
      }));
      onReasoning?.(1, 2, [9]);
      onGrade?.(1, 2, grade[2]!);
      return given.map(() => grade);
    },
  };
  const run = recipeSchema.parse({ steps: 1, promptsPerStep: 1, groupSize: 2 });
  const loop = train(
    run,
    policy as Policy,
    grader,
    exampleStream(criterionExamples(1), 1),
    { startStep: 0 },
    { listener },
  );
  for await (const _ of loop);
  expect(log).toEqual(['step 1: p0 × 2', '1 wrote 7,8', '1/2 reasons 9', '1/2 met']);
});
