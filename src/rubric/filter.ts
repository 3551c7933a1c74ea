import { z } from 'zod';
import type { Criterion, Example } from './example';

/** Which examples and criteria of a file are wanted. What is left out stays wanted. */
export const filterSchema = z.object({
  /** Examples of any of these themes ("hedging" is the tag theme:hedging). */
  themes: z.array(z.string().min(1)).default([]),
  /** Criteria of any of these axes ("accuracy" is the tag axis:accuracy). */
  axes: z.array(z.string().min(1)).default([]),
  /** Criteria that count at least so much, for or against. */
  minPoints: z.number().min(0).default(0),
  /** Examples with so many criteria left. */
  minCriteria: z.number().int().min(1).default(1),
  /** Examples whose conversation has at most so many characters. */
  maxCharacters: z.number().int().min(1).nullable().default(null),
});
export type Filter = z.infer<typeof filterSchema>;

const tagged = (tags: readonly string[], prefix: string, wanted: readonly string[]) =>
  wanted.length === 0 || wanted.some((name) => tags.includes(name.includes(':') ? name : `${prefix}:${name}`));

/** Whether the filter keeps a criterion. */
export const keepsCriterion = ({ tags, points }: Pick<Criterion, 'tags' | 'points'>, filter: Filter): boolean =>
  Math.abs(points) >= filter.minPoints && tagged(tags, 'axis', filter.axes);

/** The example with the criteria that are kept, or why it is left out. */
export function applyFilter(
  example: Example,
  filter: Filter,
): { readonly example: Example } | { readonly reason: string } {
  if (!tagged(example.exampleTags, 'theme', filter.themes)) return { reason: 'another theme' };
  const characters = example.prompt.reduce((sum, { content }) => sum + content.length, 0);
  if (filter.maxCharacters !== null && characters > filter.maxCharacters)
    return { reason: `longer than ${filter.maxCharacters} characters` };
  const rubrics = example.rubrics.filter((criterion) => keepsCriterion(criterion, filter));
  if (rubrics.length < filter.minCriteria) return { reason: `fewer than ${filter.minCriteria} criteria are left` };
  if (!rubrics.some(({ points }) => points > 0)) return { reason: 'no criterion with positive points is left' };
  return { example: rubrics.length === example.rubrics.length ? example : { ...example, rubrics } };
}
