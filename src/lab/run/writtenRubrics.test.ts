import { describe, expect, it } from 'vitest';
import { type RecipeInput, recipeSchema } from '../../domain/recipe/recipe';
import { bytesSource } from '../../formats/source';
import type { RubricWriter } from '../../grading/rubricWriter';
import { testExample } from '../../rl/test/testModel';
import { openData, reportData } from '../data/openData';
import { withWrittenRubrics } from './writtenRubrics';

const located = (id: string, points: readonly number[]) => ({
  example: testExample(id, points),
  file: 'rows.jsonl',
  line: Number(id),
  hard: null,
});
const rows = [located('1', [5]), located('2', []), located('3', [2]), located('4', [])];
const run = (change: RecipeInput = {}) => recipeSchema.parse({ rubrics: { write: 'missing' }, ...change });

/** Writes one criterion that names the prompt, for all but the last that it is asked about. */
function fakeWriter(failing = true) {
  const asked: string[] = [];
  const writer: RubricWriter = {
    write: async (examples, { criteria }) =>
      examples.map(({ prompt }, i) => {
        asked.push(prompt[0]!.content);
        if (failing && i === examples.length - 1) return { failure: 'only 1 criterion' };
        return { rubric: [{ criterion: `${criteria} of ${prompt[0]!.content}`, points: 3, tags: [] }] };
      }),
  };
  return { writer, asked };
}
const rubricsOf = (kept: readonly { example: ReturnType<typeof testExample> }[]) =>
  kept.map(({ example }) => example.rubrics.map(({ criterion }) => criterion).join());

describe('written rubrics', () => {
  it('are asked for where there is none; what cannot be written is left out with the reason', async () => {
    const { writer, asked } = fakeWriter();
    const { kept, unwritten } = await withWrittenRubrics(rows, run(), writer);
    expect(asked).toEqual(['question 2', 'question 4']);
    expect(rubricsOf(kept)).toEqual(['criterion 0', '6 of question 2', 'criterion 0']);
    expect(unwritten).toEqual([{ file: 'rows.jsonl', line: 4, reason: 'writing a rubric failed: only 1 criterion' }]);
  });

  it('replace those that are there when all are to be written', async () => {
    const { writer } = fakeWriter(false);
    const { kept } = await withWrittenRubrics(rows, run({ rubrics: { write: 'all', criteria: 2 } }), writer);
    expect(rubricsOf(kept)).toEqual([1, 2, 3, 4].map((id) => `2 of question ${id}`));
  });

  it('are written only for as many prompts as the run answers, chosen by seed', async () => {
    const many = Array.from({ length: 30 }, (_, i) => located(String(i + 1), []));
    const lines = async (seed: number) => {
      const { writer, asked } = fakeWriter(false);
      const { kept } = await withWrittenRubrics(many, run({ steps: 3, promptsPerStep: 2, seed }), writer);
      expect(asked).toHaveLength(6);
      return kept.map(({ line }) => line);
    };
    expect(await lines(1)).toEqual(await lines(1));
    expect(await lines(1)).not.toEqual(await lines(2));
    expect([...(await lines(1))].sort((a, b) => a - b)).toEqual(await lines(1));
  });

  it('end the run before it starts when none can be written', async () => {
    const { writer } = fakeWriter();
    await expect(withWrittenRubrics([rows[1]!], run(), writer)).rejects.toThrow(
      /all 1 prompts, e.g. rows.jsonl line 2: writing a rubric failed: only 1/,
    );
  });
});

describe('prompts without a rubric', () => {
  const row = (id: string, rubrics?: object[]) =>
    JSON.stringify({ prompt_id: id, prompt: [{ role: 'user', content: `about ${id}` }], rubrics });
  const data = (...lines: string[]) =>
    openData([bytesSource('rows.jsonl', new TextEncoder().encode(lines.join('\n')))], { builtIn: false });
  const split = { seed: 1, heldOutShare: 0.5 };
  const rest = [{ criterion: 'Advises rest', points: 5 }];

  it('are listed, and trained on only when the recipe has rubrics written; they are never held out', async () => {
    const opened = await data(row('a', rest), row('b'), row('c', []), row('d', rest));
    const without = reportData(opened, split);
    expect([without.split.train.length, without.split.heldOut.length]).toEqual([1, 1]);
    expect(without.report.problems.map(({ line, reason }) => [line, reason])).toEqual([
      [2, expect.stringMatching(/^no rubric: used only/)],
      [3, expect.stringMatching(/^no rubric/)],
    ]);
    const written = reportData(opened, { ...split, rubrics: { write: 'missing' } });
    expect(written.split.train.map(({ line }) => line).slice(1)).toEqual([2, 3]);
    expect(written.split.heldOut).toHaveLength(1);
    expect(written.report.problems).toEqual([]);
  });

  it('are enough by themselves', async () => {
    const opened = await data(row('a'), row('b'));
    expect(reportData(opened, split).report).toMatchObject({ good: 0, split: { train: 0, heldOut: 0 } });
    const { report } = reportData(opened, { ...split, rubrics: { write: 'all' } });
    expect(report).toMatchObject({ good: 2, split: { train: 2, heldOut: 0 } });
  });

  it('are not trained on when the file marks them hard', async () => {
    const hard = JSON.stringify({ ...JSON.parse(row('b')), is_hard: true });
    const opened = await data(row('a', rest), hard, row('c'));
    const { split: used } = reportData(opened, { seed: 1, heldOutShare: 0, rubrics: { write: 'missing' } });
    expect(used.train.map(({ example }) => example.promptId)).toEqual(['a', 'c']);
  });
});
