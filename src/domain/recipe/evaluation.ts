import { z } from 'zod';
import { field } from './field';

const ON = { path: 'evaluation.every', above: 0 } as const;

/** Held-out prompts, answered and graded by the frozen grader during the run. */
export const evaluationSchema = z.object({
  every: field(z.number().int().min(0).default(0), {
    most: 10_000,
    section: 'run',
    title: 'Evaluate every',
    help: 'Answers held-out prompts, grades them with the starting model and plots the score beside the reward; 0 is off. The first evaluation is after step 1.',
    unit: 'steps',
  }),
  prompts: field(z.number().int().min(1).max(5000).default(16), {
    section: 'run',
    title: 'Prompts per evaluation',
    help: 'The same prompts each time, chosen by the seed. More prompts narrow the interval and take longer.',
    shown: ON,
  }),
  answers: field(z.number().int().min(1).max(64).default(1), {
    section: 'run',
    title: 'Answers per evaluation prompt',
    help: 'More answers make the score steadier and take longer.',
    shown: ON,
  }),
});
