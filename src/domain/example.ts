import { z } from 'zod';
import type { Check } from './check';

/** One message of a conversation, as every file has it. */
export const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.string(),
});
export type Message = Readonly<z.infer<typeof messageSchema>>;

/** Points of a criterion in any file. */
export const pointsSchema = z
  .number()
  .min(-1000)
  .max(1000)
  .refine((points) => points !== 0, 'is 0, so the criterion would count for nothing');

/** A criterion of a rubric; points usually from −10 to 10, never 0. A negative one describes something bad. */
export interface Criterion {
  readonly criterion: string;
  readonly points: number;
  readonly tags: readonly string[];
  /** Where a program decides whether it is met. */
  readonly check?: Check | undefined;
}

/** A HealthBench row that passed validation (simple-evals healthbench_eval.py). */
export interface Example {
  readonly promptId: string;
  /** Ends with a user message. */
  readonly prompt: readonly Message[];
  readonly rubrics: readonly Criterion[];
  readonly exampleTags: readonly string[];
  readonly idealCompletion: string | null;
}
