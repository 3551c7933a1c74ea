import { z } from 'zod';
import type { Criterion, Example } from './example';

/** The two models of a comparison: the weights that a run started from, and a checkpoint. */
export const sideSchema = z.enum(['base', 'checkpoint']);
export type Side = z.infer<typeof sideSchema>;

const MOST = { prompt: 20_000, criteria: 40, criterion: 2000 };

/** A prompt that a person typed. Without criteria nothing is graded. */
export const ownPromptSchema = z.object({
  kind: z.literal('own'),
  text: z.string().trim().min(1, 'is empty').max(MOST.prompt),
  criteria: z
    .array(
      z.object({
        criterion: z.string().trim().min(1).max(MOST.criterion),
        points: z
          .number()
          .min(-10)
          .max(10)
          .refine((points) => points !== 0),
      }),
    )
    .max(MOST.criteria),
});
export type OwnPrompt = z.infer<typeof ownPromptSchema>;

/** One prompt to both sides. */
export const comparisonRequestSchema = z.object({
  runId: z.string().min(1),
  /** The checkpoint. */
  step: z.number().int().nonnegative(),
  prompt: z.discriminatedUnion('kind', [
    ownPromptSchema,
    /** One of the run's own examples. */
    z.object({ kind: z.literal('example'), split: z.enum(['heldOut', 'train']), promptId: z.string() }),
  ]),
  /** The checkpoint itself, the weights that its run started from, or the open teacher. */
  grader: z.enum(['self', 'frozen', 'teacher']),
  mode: z.enum(['json', 'forced', 'verdict']),
  maxNewTokens: z.number().int().min(1).max(32_768),
  /** Fixes both answers and the grader's draws. */
  seed: z.number().int().min(0).max(0xffffffff),
  /** Writes first in each turn. The page shows it on the left, so that the order of writing reveals nothing. */
  first: sideSchema,
});
export type ComparisonRequest = z.infer<typeof comparisonRequestSchema>;

/** As graders read it. */
export const ownExample = ({ text, criteria }: OwnPrompt): Example => ({
  promptId: 'own prompt',
  prompt: [{ role: 'user', content: text }],
  rubrics: criteria.map((criterion): Criterion => ({ ...criterion, tags: [] })),
  exampleTags: [],
  idealCompletion: null,
});

/** Criteria as typed, one per line, points first (`+5 Advises rest`, `-8 …`; 1 by default), and the invalid lines. */
export function typedCriteria(text: string): { criteria: OwnPrompt['criteria']; problems: string[] } {
  const criteria: OwnPrompt['criteria'] = [];
  const problems: string[] = [];
  text.split('\n').forEach((line, i) => {
    const [, sign = '', digits, criterion = ''] = /^\s*([+\-−–]?)\s*(?:(\d+(?:\.\d+)?)(?=\s|$))?\s*(.*?)\s*$/.exec(
      line,
    )!;
    if (criterion === '' && digits === undefined && sign === '') return;
    const points = (sign === '' || sign === '+' ? 1 : -1) * Number(digits ?? 1);
    const problem = (why: string) => problems.push(`Line ${i + 1}: ${why}.`);
    if (criterion === '') problem('write a criterion after the points');
    else if (points === 0 || Math.abs(points) > 10) problem('points must be from −10 to 10 and not 0');
    else if (criterion.length > MOST.criterion) problem(`a criterion must have at most ${MOST.criterion} characters`);
    else criteria.push({ criterion, points });
  });
  if (criteria.length > MOST.criteria)
    problems.push(`There are ${criteria.length} criteria; use at most ${MOST.criteria}.`);
  return { criteria, problems };
}
