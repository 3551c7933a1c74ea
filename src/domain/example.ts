import { z } from 'zod';

/** One message of a conversation, as every file has it. */
export const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.string(),
});
export type Message = Readonly<z.infer<typeof messageSchema>>;

/** A criterion of a rubric; points from −10 to 10 without 0. A negative one describes something bad. */
export interface Criterion {
  readonly criterion: string;
  readonly points: number;
  readonly tags: readonly string[];
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
