import type { DataReport } from '../domain/dataReport';
import type { Filter } from '../domain/filter';

/** Most names listed before the rest is counted. */
const NAMED = 5;

/** Names of tags in a sentence: "hedging, context seeking". */
export function nameList(names: readonly string[]): string {
  const named = names.slice(0, NAMED).map((name) => name.replaceAll('_', ' '));
  const more = names.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A filter's bounds on points, criteria and length, in words. */
export const boundWords = ({ minPoints, minCriteria, maxCharacters }: Filter): string[] => [
  ...(minPoints > 0 ? [`at least ${minPoints} ${minPoints === 1 ? 'point' : 'points'}`] : []),
  ...(minCriteria > 1 ? [`at least ${minCriteria} criteria`] : []),
  ...(maxCharacters !== null ? [`at most ${maxCharacters.toLocaleString('en')} characters`] : []),
];

/** Says that a filter leaves nothing to train on; null when it leaves something or is not the reason. */
export function nothingPasses({
  filter,
  filteredOut,
  split,
}: Pick<DataReport, 'filter' | 'filteredOut' | 'split'>): string | null {
  if (split.train > 0 || filteredOut === 0) return null;
  const { themes, axes } = filter;
  const wanted = [
    ...(themes.length > 0 ? [`${themes.length === 1 ? 'theme' : 'themes'} ${nameList(themes)}`] : []),
    ...(axes.length > 0 ? [`${axes.length === 1 ? 'axis' : 'axes'} ${nameList(axes)}`] : []),
    ...boundWords(filter),
  ];
  return `No prompt ${split.heldOut > 0 ? 'to train on ' : ''}passes the filter: ${wanted.join('; ')}`;
}
