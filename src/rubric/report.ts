import type { DataReport, RowProblem } from './dataReport';
import { judgedVerdicts } from './judged';
import type { ParsedFile } from './parse';
import type { Split } from './split';

const PREVIEW_ROWS = 5;

/** What became of the dropped files, with the split they lead to. `more` are problems found later, such as rows too long for the model. */
export function dataReport(
  files: readonly ParsedFile[],
  split: Split,
  options: { name?: string; sample?: boolean; more?: readonly RowProblem[] } = {},
): DataReport {
  const used = [...split.train, ...split.heldOut];
  const criteria = used.flatMap(({ example }) => example.rubrics);
  const kinds = new Set(files.map(({ kind }) => kind));
  const themes = new Map<string, number>();
  for (const { example } of used) {
    for (const tag of example.exampleTags) {
      if (!tag.startsWith('theme:')) continue;
      const theme = tag.slice('theme:'.length);
      themes.set(theme, (themes.get(theme) ?? 0) + 1);
    }
  }
  const problems = [...files.flatMap((file) => file.problems), ...(options.more ?? [])];
  return {
    name: options.name ?? files.map(({ name }) => name).join(' + '),
    kind: options.sample ? 'sample' : kinds.has('full') ? 'full' : files[0]!.kind,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    good: used.length,
    problems,
    criteria: criteria.length,
    negativeCriteria: criteria.filter(({ points }) => points < 0).length,
    themes: [...themes].map(([theme, rows]) => ({ theme, rows })).sort((a, b) => b.rows - a.rows),
    split: { train: split.train.length, heldOut: split.heldOut.length, how: split.how },
    warmStart: {
      idealCompletions: split.train.filter(({ example }) => example.idealCompletion).length,
      judged: judgedVerdicts(files, new Set(split.heldOut.map(({ example }) => example.promptId))).length,
    },
    preview: split.train.slice(0, PREVIEW_ROWS).map(({ example }) => ({
      promptId: example.promptId,
      lastMessage: example.prompt.at(-1)!.content.slice(0, 400),
      criteria: example.rubrics.length,
    })),
  };
}
