import { z } from 'zod';
import { field } from './field';

/** Cheap checks of the grader on stored items. */
export const probesSchema = z.object({
  every: field(z.number().int().min(0).default(0), {
    most: 10_000,
    section: 'run',
    title: 'Check the grader every',
    help: 'The current and the starting model grade stored answers and control answers, which shows whether the grader is still right; 0 is off. A check takes about as long as grading a step.',
    unit: 'steps',
  }),
  items: field(z.number().int().min(1).max(256).default(8), {
    section: 'run',
    title: 'Prompts per grader check',
    help: 'More prompts make the numbers steadier and take longer.',
    shown: { path: 'probes.every', above: 0 },
  }),
});
