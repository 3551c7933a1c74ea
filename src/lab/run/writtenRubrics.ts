import type { LocatedExample } from '../../data/parse';
import type { RowProblem } from '../../domain/dataReport';
import type { Recipe } from '../../domain/recipe/recipe';
import type { WorkContext } from '../../domain/workContext';
import type { RubricWriter } from '../../grading/rubricWriter';
import { derive, shuffled } from '../../random';
import { LabError } from '../failures';

/**
 * The training examples with the rubrics that the recipe has written. Prompts that the run will not answer are left
 * out. Those whose rubric could not be written are left out, with the reason. Throws LabError when none is left.
 */
export async function withWrittenRubrics(
  located: readonly LocatedExample[],
  run: Recipe,
  writer: RubricWriter,
  context: WorkContext = {},
): Promise<{ kept: LocatedExample[]; unwritten: RowProblem[] }> {
  const needed = answered(located, run);
  const unwrittenExamples = needed.filter(({ example }) => run.rubrics.write === 'all' || example.rubrics.length === 0);
  const written = await writer.write(
    unwrittenExamples.map(({ example }) => example),
    { criteria: run.rubrics.criteria, seed: derive(run.seed, 'rubrics') },
    context,
  );
  context.signal?.throwIfAborted();
  const results = new Map(unwrittenExamples.map((item, i) => [item, written[i]!]));
  const unwritten: RowProblem[] = [];
  const kept = needed.flatMap((item) => {
    const result = results.get(item);
    if (!result) return [item];
    if ('rubric' in result) return [{ ...item, example: { ...item.example, rubrics: result.rubric } }];
    const { file, line } = item;
    unwritten.push({ file, line, reason: `writing a rubric failed: ${result.failure}` });
    return [];
  });
  if (kept.length === 0) {
    const [first] = unwritten;
    throw new LabError(
      'badConfig',
      `Writing a rubric failed for all ${unwrittenExamples.length} prompts, e.g. ${first?.file} line ${first?.line}: ${first?.reason}.`,
      'Use a larger model or a teacher as the rubric writer, or use data with rubrics.',
    );
  }
  return { kept, unwritten };
}

/** A seeded choice of as many prompts as all steps together answer, in their order. */
function answered(located: readonly LocatedExample[], run: Recipe): readonly LocatedExample[] {
  const needed = run.steps * run.promptsPerStep * (1 + run.maxRefills);
  if (located.length <= needed) return located;
  const chosen = new Set(shuffled(derive(run.seed, 'written'), located).slice(0, needed));
  return located.filter((item) => chosen.has(item));
}
