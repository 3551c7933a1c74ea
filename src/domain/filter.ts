import { z } from 'zod';
import type { Criterion, Example } from './example';

/** Names in a list at most, and characters of a name. */
export const MOST_NAMES = 100;
export const LONGEST_NAME = 200;
const names = z.array(z.string().min(1).max(LONGEST_NAME)).max(MOST_NAMES).default([]);

/** Which examples and criteria of a file are wanted. What is left out stays wanted. */
export const filterSchema = z.object({
  /** Examples of any of these themes ("hedging" is the tag theme:hedging). */
  themes: names,
  /** Criteria of any of these axes ("accuracy" is the tag axis:accuracy). */
  axes: names,
  /** Criteria that count at least so much, for or against. */
  minPoints: z.number().min(0).default(0),
  /** Examples with so many criteria left. */
  minCriteria: z.number().int().min(1).default(1),
  /** Examples whose conversation has at most so many characters. */
  maxCharacters: z.number().int().min(1).nullable().default(null),
});
export type Filter = z.infer<typeof filterSchema>;

/** Keeps everything. */
export const NO_FILTER: Filter = filterSchema.parse({});

export const isFiltering = ({ themes, axes, minPoints, minCriteria, maxCharacters }: Filter): boolean =>
  themes.length > 0 || axes.length > 0 || minPoints > 0 || minCriteria > 1 || maxCharacters !== null;

const tagged = (tags: readonly string[], prefix: string, wanted: readonly string[]) =>
  wanted.length === 0 || wanted.some((name) => tags.includes(name.includes(':') ? name : `${prefix}:${name}`));

/** Whether the filter keeps a criterion. */
export const keepsCriterion = ({ tags, points }: Pick<Criterion, 'tags' | 'points'>, filter: Filter): boolean =>
  Math.abs(points) >= filter.minPoints && tagged(tags, 'axis', filter.axes);

/** Why a question is left out, whatever its rubric; null when it is kept. */
export function questionLeftOut({ exampleTags, prompt }: Example, { themes, maxCharacters }: Filter): string | null {
  if (!tagged(exampleTags, 'theme', themes)) return 'another theme';
  const characters = prompt.reduce((sum, { content }) => sum + content.length, 0);
  return maxCharacters !== null && characters > maxCharacters ? `longer than ${maxCharacters} characters` : null;
}

/** The example with the criteria that are kept, or why it is left out. */
export function applyFilter(
  example: Example,
  filter: Filter,
): { readonly example: Example } | { readonly reason: string } {
  const reason = questionLeftOut(example, filter);
  if (reason !== null) return { reason };
  const rubrics = example.rubrics.filter((criterion) => keepsCriterion(criterion, filter));
  if (rubrics.length < filter.minCriteria) return { reason: `fewer than ${filter.minCriteria} criteria are left` };
  if (!rubrics.some(({ points }) => points > 0)) return { reason: 'no criterion with positive points is left' };
  return { example: rubrics.length === example.rubrics.length ? example : { ...example, rubrics } };
}
