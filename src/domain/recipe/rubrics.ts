import { z } from 'zod';
import { choice, field } from './field';

const WRITTEN = { path: 'rubrics.write', is: ['missing', 'all'] } as const;

/** Rubrics that a model writes for prompts without one, or for all (the paper's ablation). */
export const rubricsSchema = z.object({
  write: choice({ never: 'None', missing: 'For prompts without a rubric', all: 'For all prompts' }, 'never', {
    section: 'grading',
    title: 'Generated rubrics',
    help: 'A model writes rubrics before the first step. For all prompts: they replace the rubrics of the data, as in the paper’s ablation. A prompt without a readable rubric is skipped.',
  }),
  writer: choice({ policy: 'Starting model', teacher: 'Teacher' }, 'policy', {
    section: 'grading',
    title: 'Rubric writer',
    help: 'Model that writes the rubrics. A small model writes poor ones.',
    shown: WRITTEN,
  }),
  criteria: field(z.number().int().min(2).max(20).default(6), {
    section: 'grading',
    title: 'Criteria per generated rubric',
    help: 'Number of criteria to ask for.',
    shown: WRITTEN,
  }),
});
export type RubricsConfig = z.infer<typeof rubricsSchema>;
