import { z } from 'zod';
import { field } from './field';

const ON = { path: 'warmStart.steps', above: 0 } as const;

/** Supervised steps before the first rollout, on ideal completions and recorded verdicts. */
export const warmStartSchema = z.object({
  steps: field(z.number().int().min(0).default(0), {
    most: 100_000,
    section: 'warmStart',
    step: 10,
    title: 'Supervised steps',
    help: 'Supervised fine-tuning before the first step, for weak models; 0 is off. The model learns the ideal completions of the data, and verdicts from a meta-evaluation file or graded answers. The frozen grader, the KL penalty and the baseline still use the model before these steps. To use the model after them, export the checkpoint of step 0 as a whole model and open it.',
  }),
  documentsPerStep: field(z.number().int().min(1).max(1024).default(16), {
    section: 'warmStart',
    title: 'Examples per supervised step',
    help: 'Ideal completions and gradings per supervised step. Each counts the same, whatever its length.',
    shown: ON,
  }),
  gradingShare: field(z.number().min(0).max(1).default(0.5), {
    section: 'warmStart',
    title: 'Share of gradings',
    help: 'Share of the supervised examples that are gradings; the rest are ideal completions. Missing kinds are replaced by the other.',
    step: 0.05,
    shown: ON,
  }),
  learningRate: field(z.number().positive().max(1).default(1e-5), {
    section: 'warmStart',
    title: 'Supervised learning rate',
    help: 'Constant over the supervised steps. The optimizer is reset after the last one.',
    step: 0.00001,
    shown: ON,
  }),
});
export type WarmStartConfig = z.infer<typeof warmStartSchema>;
