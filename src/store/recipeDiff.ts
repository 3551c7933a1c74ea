import type { RunConfig } from '../config/run';
import { showField } from './recipeField';
import { RECIPE_FIELDS } from './recipeFields';

/** Titles and values that differ between two recipes. */
export function recipeDiff(from: RunConfig, to: RunConfig): { title: string; from: string; to: string }[] {
  return RECIPE_FIELDS.flatMap((field) => {
    const [a, b] = [showField(field, from), showField(field, to)];
    return a === b ? [] : [{ title: field.title, from: a, to: b }];
  });
}
