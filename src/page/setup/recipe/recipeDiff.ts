import { nameList } from '../../../data/filterWords';
import { teacherName } from '../../../domain/graderName';
import { RECIPE_SETTINGS, type RecipeSetting, valueAt } from '../../../domain/recipe/fields';
import { RECIPE_FIELDS, showField } from '../../../domain/recipe/pageFields';
import type { Recipe } from '../../../domain/recipe/recipe';
import { linkable } from './recipeLink';
import { changedPaths } from './recipePaths';

export interface RecipeChange {
  readonly title: string;
  readonly from: string;
  readonly to: string;
}

const NONE = '–';
const SHOWN = new Set(RECIPE_FIELDS.map(({ id }) => id));

const names = (list: readonly string[]): string => (list.length === 0 ? 'all' : nameList(list));

const TITLES = new Map(RECIPE_SETTINGS.map(({ path, title }) => [path, title]));

/** Settings of the filter, which the Data card shows. */
const FILTER_SETTINGS = new Map(
  RECIPE_SETTINGS.filter(({ section }) => section === 'data').map((one) => [one.path, one]),
);

function showFilter({ path, unit }: RecipeSetting, config: Recipe): string {
  const value = valueAt(config, path);
  if (Array.isArray(value)) return names(value);
  return value === null ? 'none' : `${Number(value).toLocaleString('en')}${unit ? ` ${unit}` : ''}`;
}

/** Titles and values that differ between two recipes. Settings that only files have show their path. */
export function recipeDiff(from: Recipe, to: Recipe): RecipeChange[] {
  const [a, b] = [linkable(from), linkable(to)];
  const fields = RECIPE_FIELDS.filter((field) => showField(field, a) !== showField(field, b)).map((field) => ({
    title: field.title,
    from: inSentence(showField(field, a, { unit: false })),
    to: inSentence(showField(field, b)),
  }));
  const [before, after] = [changedPaths(b, a), changedPaths(a, b)];
  const usual = [a, b].every(alphaFollows);
  const others = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (path) => !SHOWN.has(path) && path !== 'trainable' && !(path === 'trainable.alpha' && usual),
  );
  return [
    ...fields,
    ...others.map((path) => {
      const filter = FILTER_SETTINGS.get(path);
      if (filter) return { title: filter.title, from: showFilter(filter, a), to: showFilter(filter, b) };
      return { title: TITLES.get(path) ?? path, from: showValue(before[path]), to: showValue(after[path]) };
    }),
    ...teacherChange(from, to),
  ];
}

/** "steps 60 → 40; learning rate 3e−4 → 1e−4", and the number of changes beyond `most`. */
export function diffLine(changes: readonly RecipeChange[], most = Number.POSITIVE_INFINITY): string {
  const named = changes.slice(0, most).map(({ title, from, to }) => `${inSentence(title)} ${from} → ${to}`);
  const more = changes.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more, listed under Recipe`] : [])].join('; ');
}

function teacherChange(from: Recipe, to: Recipe): RecipeChange[] {
  const [before, after] = [from, to].map(({ grader: { teacher } }) =>
    teacher === undefined ? 'none' : teacherName(teacher),
  ) as [string, string];
  return before === after ? [] : [{ title: 'Teacher', from: before, to: after }];
}

/** The page sets alpha to twice the rank; then the rank is enough. */
const alphaFollows = ({ trainable }: Recipe): boolean =>
  trainable.kind === 'full' || trainable.alpha === 2 * trainable.rank;

const showValue = (value: unknown): string =>
  value === undefined
    ? NONE
    : Array.isArray(value)
      ? value.join(' ')
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);

/** A title or option within a sentence: lower case except abbreviations, no comma. */
const inSentence = (text: string): string =>
  (/^[A-Z][a-z’-]*([ ,]|$)/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text).replaceAll(',', '');
