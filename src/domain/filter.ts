import { z } from 'zod';
import type { Criterion, Example } from './example';
import { field } from './recipe/field';

/** Names in a list at most, and characters of a name. */
export const MOST_NAMES = 100;
export const LONGEST_NAME = 200;
const names = z.array(z.string().min(1).max(LONGEST_NAME)).max(MOST_NAMES).default([]);

const DATA = { section: 'data', onPage: false } as const;

/** Selects the examples and criteria of a file. An absent setting selects all. */
export const filterSchema = z.object({
  themes: field(names, {
    ...DATA,
    title: 'Themes',
    help: 'Keeps examples of any of these themes, all if empty. "hedging" is the tag theme:hedging.',
  }),
  axes: field(names, {
    ...DATA,
    title: 'Axes',
    help: 'Keeps criteria of any of these axes, all if empty. "accuracy" is the tag axis:accuracy.',
  }),
  minPoints: field(z.number().min(0).default(0), {
    ...DATA,
    title: 'Min points of a criterion',
    help: 'Keeps criteria of at least so many points, positive or negative.',
  }),
  minCriteria: field(z.number().int().min(1).default(1), {
    ...DATA,
    title: 'Min criteria of a prompt',
    help: 'Keeps examples with at least so many criteria.',
  }),
  maxCharacters: field(z.number().int().min(1).nullable().default(null), {
    ...DATA,
    title: 'Max length of a conversation',
    help: 'Keeps conversations of at most so many characters.',
    unit: 'characters',
  }),
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

/** Why the filter drops a prompt, whatever its rubric; null when it does not. */
export function questionLeftOut({ exampleTags, prompt }: Example, { themes, maxCharacters }: Filter): string | null {
  if (!tagged(exampleTags, 'theme', themes)) return 'another theme';
  const characters = prompt.reduce((sum, { content }) => sum + content.length, 0);
  return maxCharacters !== null && characters > maxCharacters ? `longer than ${maxCharacters} characters` : null;
}

/** The example with its selected criteria, or the reason why it is dropped. */
export function applyFilter(
  example: Example,
  filter: Filter,
): { readonly example: Example } | { readonly reason: string } {
  const reason = questionLeftOut(example, filter);
  if (reason !== null) return { reason };
  const rubrics = example.rubrics.filter((criterion) => keepsCriterion(criterion, filter));
  if (rubrics.length < filter.minCriteria) return { reason: `fewer than ${filter.minCriteria} criteria remain` };
  if (!rubrics.some(({ points }) => points > 0)) return { reason: 'no criterion with positive points remains' };
  return { example: rubrics.length === example.rubrics.length ? example : { ...example, rubrics } };
}
