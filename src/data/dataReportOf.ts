import type { DataReport, RowProblem } from '../domain/dataReport';
import { type Filter, NO_FILTER } from '../domain/filter';
import { labelledVerdicts } from './labelledVerdicts';
import type { LocatedExample, ParsedFile } from './parse';
import { READING, type Reading } from './reading';
import { notTrainedOn, type Split } from './split';

const PREVIEW_ROWS = 5;

/** The report on opened files and their split. `more`: problems found later, such as rows too long for the model. */
export function dataReport(
  files: readonly ParsedFile[],
  split: Split,
  options: {
    name?: string;
    sample?: boolean;
    more?: readonly RowProblem[];
    filter?: Filter;
    /** Training prompts without a rubric. */
    bare?: readonly LocatedExample[];
  } = {},
): DataReport {
  const used = [...split.train, ...split.heldOut];
  const criteria = used.flatMap(({ example }) => example.rubrics);
  const kinds = new Set(files.map(({ kind }) => kind));
  // A prompt may be in the full file and in the hard one.
  const read = [...files.flatMap(({ examples }) => examples), ...(options.bare ?? [])];
  const all = [...new Map(read.map(({ example }) => [example.promptId, example])).values()];
  const themes = tagCounts(
    'theme:',
    all.map(({ exampleTags }) => exampleTags),
  );
  const axes = tagCounts(
    'axis:',
    all.flatMap(({ rubrics }) => rubrics.map(({ tags }) => tags)),
  );
  const problems = [...files.flatMap((file) => file.problems), ...(options.more ?? [])];
  return {
    name: options.name ?? files.map(({ name }) => name).join(' + '),
    kind: options.sample ? 'sample' : kinds.has('full') ? 'full' : files[0]!.kind,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    good: used.length,
    problems,
    changes: changesOf(files),
    criteria: criteria.length,
    negativeCriteria: criteria.filter(({ points }) => points < 0).length,
    themes: themes.map(([theme, rows]) => ({ theme, rows })),
    axes: axes.map(([axis, criteria]) => ({ axis, criteria })),
    filter: options.filter ?? NO_FILTER,
    filteredOut: split.filteredOut.size,
    split: { train: split.train.length, heldOut: split.heldOut.length, how: split.how },
    warmStart: {
      idealCompletions: split.train.filter(({ example }) => example.idealCompletion).length,
      labelledVerdicts: labelledVerdicts(files, notTrainedOn(split)).length,
    },
    preview: split.train.slice(0, PREVIEW_ROWS).map(({ example }) => ({
      promptId: example.promptId,
      lastMessage: example.prompt.at(-1)!.content.slice(0, 400),
      criteria: example.rubrics.length,
    })),
  };
}

/** What reading changed, over all files. */
export function changesOf(files: readonly ParsedFile[]): DataReport['changes'] {
  const ids = files.flatMap((file) => file.examples.map(({ example }) => example.promptId));
  const joined = ids.length - new Set(ids).size;
  const rowsOf = (reading: Reading) =>
    (reading === 'joined' ? joined : 0) + files.reduce((sum, file) => sum + (file.reading.get(reading) ?? 0), 0);
  return (Object.keys(READING) as Reading[])
    .map((reading) => ({ what: READING[reading], rows: rowsOf(reading) }))
    .filter(({ rows }) => rows > 0);
}

/** How many lists have a tag of this kind, by the tag's name, most first. */
function tagCounts(prefix: string, lists: readonly (readonly string[])[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const tag of lists.flat()) {
    if (tag.startsWith(prefix)) counts.set(tag.slice(prefix.length), (counts.get(tag.slice(prefix.length)) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}
