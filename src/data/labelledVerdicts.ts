import { z } from 'zod';
import { type Message, messageSchema, pointsSchema } from '../domain/example';
import type { ParsedFile } from './parse';
import type { MetaEvalRow } from './row';

/** A known verdict on one criterion of an answer: by physicians, or from recorded grades. */
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

/** Points of HealthBench's meta-evaluation criteria when they serve as rubrics; graders that read points get these. */
const META_EVAL_POINTS = 5;

/**
 * Verdicts to learn grading from, none on held-out or filtered prompts (`leftOut`): the majority verdicts of
 * meta-evaluation files, and those recorded with graded answers. A graded answer without its prompt takes it from the
 * files' examples, or is skipped.
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
      const messages = prompt ?? prompts.get(promptId);
      if (!messages) return [];
      return verdicts
        .filter(({ verdict }) => verdict !== 'ungraded')
        .map(({ criterion, points, verdict, explanation }) => {
          const met = verdict === 'met';
          return {
            promptId,
            prompt: messages,
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
