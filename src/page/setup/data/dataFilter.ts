import { boundWords } from '../../../data/filterWords';
import type { DataReport } from '../../../domain/dataReport';
import { type Filter, isFiltering, LONGEST_NAME, MOST_NAMES } from '../../../domain/filter';
import { plural } from '../../shell/format';
import { changeRecipe, recipeStore } from '../recipe/recipeStore';

/** Most names offered; a file in another layout may have a theme per row. */
const OFFERED = 40;

/** A theme or axis that can be chosen, with its number of prompts or criteria in the file. */
export interface Offer {
  /** As the filter stores it: a name with a colon is the whole tag. */
  readonly value: string;
  readonly name: string;
  readonly count: number;
}

/** The names in the file, and those chosen that the file lacks. */
export function offers(report: Pick<DataReport, 'themes' | 'axes'>, kind: 'themes' | 'axes', filter: Filter): Offer[] {
  const found =
    kind === 'themes'
      ? report.themes.map(({ theme, rows }) => offer('theme', theme, rows))
      : report.axes.map(({ axis, criteria }) => offer('axis', axis, criteria));
  const chosen = new Set(filter[kind]);
  const known = new Set(found.map(({ value }) => value));
  const shown = found.filter(({ value }, i) => chosen.has(value) || (i < OFFERED && value.length <= LONGEST_NAME));
  const foreign = filter[kind].filter((value) => !known.has(value));
  return [...shown, ...foreign.map((value) => ({ value, name: value.replaceAll('_', ' '), count: 0 }))];
}

const offer = (prefix: string, name: string, count: number): Offer => ({
  value: name.includes(':') ? `${prefix}:${name}` : name,
  name: name.replaceAll('_', ' '),
  count,
});

export function changeFilter(change: Partial<Filter>): void {
  const { config } = recipeStore.getState();
  changeRecipe({ ...config, filter: { ...config.filter, ...change } });
}

/** Adds or removes a name. Names keep the order they are offered in, so that the same choice is the same recipe. */
export function toggleName(kind: 'themes' | 'axes', value: string, offered: readonly Offer[]): void {
  const chosen = new Set(recipeStore.getState().config.filter[kind]);
  if (!chosen.delete(value)) chosen.add(value);
  if (chosen.size > MOST_NAMES) return;
  changeFilter({ [kind]: offered.map((each) => each.value).filter((each) => chosen.has(each)) });
}

/** "3 of 7 themes · at least 5 points · 1,234 prompts filtered out"; null when nothing is filtered. */
export function filterFacts(report: Pick<DataReport, 'themes' | 'axes' | 'filter' | 'filteredOut'>): string | null {
  const { filter, filteredOut } = report;
  if (!isFiltering(filter)) return null;
  const part = (kind: 'themes' | 'axes') => {
    if (filter[kind].length === 0) return [];
    const had = offers(report, kind, filter).filter(({ value, count }) => count > 0 && filter[kind].includes(value));
    const all = report[kind].length;
    const [one, many] = kind === 'themes' ? ['theme', 'themes'] : ['axis', 'axes'];
    return [`${had.length} of ${plural(all, one!, many!)}`];
  };
  const out = `${plural(filteredOut, 'prompt')} filtered out`;
  return [...part('themes'), ...part('axes'), ...boundWords(filter), out].join(' · ');
}
