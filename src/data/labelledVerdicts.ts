import { z } from 'zod';
import { type Message, messageSchema, pointsSchema } from '../domain/example';
import type { ParsedFile } from './parse';
import type { MetaEvalRow } from './row';

/** A verdict on one criterion of an answer that is known: of physicians, or of a grader whose grades were kept. */
export const labelledVerdictSchema = z.object({
  promptId: z.string().min(1),
  prompt: z.array(messageSchema).min(1),
  completion: z.string(),
  criterion: z.string().min(1),
  points: pointsSchema,
  met: z.boolean(),
  /** Empty when no reason was given. */
  explanation: z.string(),
});
export type LabelledVerdict = Readonly<Omit<z.infer<typeof labelledVerdictSchema>, 'prompt'>> & {
  readonly prompt: readonly Message[];
};

/** HealthBench's meta-evaluation criteria are worth 5 points where they are used as rubrics; a grader that is told points is told these. */
const META_EVAL_POINTS = 5;

/**
 * Verdicts to learn grading from, none on a prompt that is held out or filtered out (`leftOut`): those of meta-evaluation files where more than half of the physicians agree, and
 * those recorded with graded answers. A graded answer without its prompt is looked up among the files' examples, and left out if it is not there.
 */
export function labelledVerdicts(
  files: readonly Pick<ParsedFile, 'examples' | 'metaEval' | 'graded'>[],
  leftOut: ReadonlySet<string>,
): LabelledVerdict[] {
  const prompts = new Map<string, readonly Message[]>(
    files.flatMap(({ examples }) => examples.map(({ example }) => [example.promptId, example.prompt] as const)),
  );
  const physicians = files.flatMap(({ metaEval }) => metaEval).flatMap(ofPhysicians);
  const recorded = files
    .flatMap(({ graded }) => graded)
    .flatMap(({ promptId, prompt, completion, verdicts }) => {
      const asked = prompt ?? prompts.get(promptId);
      if (!asked) return [];
      return verdicts
        .filter(({ verdict }) => verdict !== 'ungraded')
        .map(({ criterion, points, verdict, explanation }) => {
          const met = verdict === 'met';
          return {
            promptId,
            prompt: asked,
            completion,
            criterion,
            points: points ?? META_EVAL_POINTS,
            met,
            explanation,
          };
        });
    });
  return [...physicians, ...recorded].filter(({ promptId }) => !leftOut.has(promptId));
}

function ofPhysicians({ promptId, prompt, completion, criterion, labels }: MetaEvalRow): LabelledVerdict[] {
  const yes = labels.filter(Boolean).length;
  if (2 * yes === labels.length) return [];
  const met = 2 * yes > labels.length;
  return [{ promptId, prompt, completion, criterion, points: META_EVAL_POINTS, met, explanation: '' }];
}
