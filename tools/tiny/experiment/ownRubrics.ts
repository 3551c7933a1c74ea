import { ACTS } from '../../../src/data/syntheticWorld';
import type { Criterion, Example } from '../../../src/domain/example';
import type { Recipe } from '../../../src/domain/recipe/recipe';
import { partOf, type WorkContext } from '../../../src/domain/workContext';
import { ModelGrader } from '../../../src/grading/policyGrader';
import { checkedRubric, WRITTEN_TAG, type WrittenRubric } from '../../../src/grading/rubricPrompt';
import type { RubricWriter } from '../../../src/grading/rubricWriter';
import type { LanguageModel } from '../../../src/model/languageModel';
import { derive } from '../../../src/random';
import { TransformerPolicy } from '../../../src/rl/transformerPolicy';
import type { ChatText } from '../../../src/text/chatText';

const CANDIDATES: readonly string[] = Object.values(ACTS).map(({ criterion }) => criterion);

/**
 * The built-in model cannot write sentences about answers, so its rubrics are read off its behaviour: it answers a
 * prompt a few times, grades the answers by every criterion of its world, and what most of its answers do becomes the
 * rubric, the more of them the more points (self-consistency, arXiv 2203.11171). It has no way to say what harms, so
 * there are no negative points: its rubrics know less than the world's.
 */
export class OwnAnswersWriter implements RubricWriter {
  constructor(
    private readonly model: LanguageModel,
    private readonly text: ChatText,
    private readonly run: Pick<Recipe, 'sampling' | 'grader'>,
    private readonly answers = 4,
  ) {}

  async write(
    examples: readonly Pick<Example, 'prompt'>[],
    { criteria, seed }: { criteria: number; seed: number },
    context: WorkContext = {},
  ): Promise<WrittenRubric[]> {
    const { model, text, run, answers } = this;
    const asked = examples.map(
      ({ prompt }, i): Example => ({
        promptId: String(i),
        prompt,
        rubrics: CANDIDATES.map((criterion) => ({ criterion, points: 1, tags: [] })),
        exampleTags: [],
        idealCompletion: null,
      }),
    );
    const policy = new TransformerPolicy(model, text);
    const { signal } = context;
    const rollouts = await policy.generate(asked, answers, run.sampling, { seed: derive(seed, 'answers') }, { signal });
    const grader = new ModelGrader(model, text, { ...run.grader, kind: 'self', mode: 'verdict', verdict: 'likelier' });
    const all = { before: 0, size: examples.length, total: examples.length };
    const grades = await grader.grade(rollouts, { seed: derive(seed, 'grades') }, partOf(context, all));
    return examples.map((_, i) => {
      const own = grades.slice(i * answers, (i + 1) * answers);
      const share = (c: number) => own.reduce((sum, grade) => sum + (grade[c]!.confidence ?? 0), 0) / answers;
      const rubric = CANDIDATES.map((criterion, c): Criterion => {
        return { criterion, points: Math.round(10 * share(c)), tags: [WRITTEN_TAG] };
      });
      const kept = rubric.filter(({ points }) => points > 0).sort((a, b) => b.points - a.points);
      return checkedRubric(kept.slice(0, criteria));
    });
  }
}
