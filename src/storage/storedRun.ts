import { z } from 'zod';
import { savedRecipeSchema } from '../domain/recipe/recipe';
import { DamagedRun } from './storageError';

/** No run comes near: what counts or loops over steps must end. */
const MOST_STEPS = 10_000_000;
const stepSchema = z.number().int().nonnegative().max(MOST_STEPS);

/** run.json: a run's summary without its checkpoints, which the folder shows. */
const storedRunSchema = z
  .object({
    name: z.string(),
    startedAt: z.string(),
    status: z.enum(['running', 'paused', 'stopped', 'finished', 'interrupted', 'diskFull', 'failed']),
    modelName: z.string(),
    modelId: z.string(),
    dataName: z.string(),
    step: stepSchema,
    steps: z.number().int().positive().max(MOST_STEPS),
    lastReward: z.number().nullable(),
    config: savedRecipeSchema,
  })
  .refine(({ step, steps }) => step <= steps, { path: ['step'], error: 'is more than the steps of the run' });

const aboutSchema = z.object({
  step: stepSchema,
  savedAt: z.string(),
  bytes: z.number().int().nonnegative(),
  reward: z.number().nullable(),
  parts: z.array(z.object({ name: z.string(), bytes: z.number().int().nonnegative(), sha256: z.string().optional() })),
});
export type StoredCheckpoint = z.infer<typeof aboutSchema>;

/** Throws DamagedRun. A run goes by its folder's name, whatever it was called where it was made. */
export function parseStoredRun(text: string, file: string, runId: string) {
  const parsed = storedRunSchema.safeParse(parseJson(text, file));
  if (parsed.success) return { runId, ...parsed.data };
  const { path, message } = parsed.error.issues[0]!;
  throw new DamagedRun(file, `${path.join('.')}: ${message}`);
}

/** Null when it says nothing of use: then there is no whole checkpoint. */
export function parseStoredCheckpoint(text: string): StoredCheckpoint | null {
  try {
    return aboutSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** One value a line, as it was written. Throws DamagedRun. */
export const parseStoredLines = <T>(lines: readonly string[], file: string): T[] =>
  lines.map((line, i) => parseJson(line, `${file} line ${i + 1}`) as T);

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DamagedRun(file, 'it is not JSON');
  }
}
