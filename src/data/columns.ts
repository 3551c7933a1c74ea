import type { Mapping } from './mapping';

/** Ignores deeper fields. */
const DEPTH = 3;

/** The fields of a rubric file's first row, for a column mapping: their paths, and the fields of each list's items. */
export interface Columns {
  readonly paths: readonly string[];
  /** Lists, also as JSON text, with the fields of their first item; none for a list of texts. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

/** Null when the text is not a JSON object, such as a truncated line. */
export function columnsOf(line: string): Columns | null {
  const row = parsed(line);
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return null;
  const paths: string[] = [];
  const lists = new Map<string, readonly string[]>();
  const walk = (fields: object, prefix: string, depth: number): void => {
    for (const [key, value] of Object.entries(fields)) {
      if (key === '' || key.includes('.')) continue; // no path leads there
      const path = `${prefix}${key}`;
      paths.push(path);
      const list = typeof value === 'string' && value.trimStart().startsWith('[') ? parsed(value) : value;
      if (Array.isArray(list)) lists.set(path, fieldsOf(list[0]));
      else if (typeof value === 'object' && value !== null && depth < DEPTH) walk(value, `${path}.`, depth + 1);
    }
  };
  walk(row, '', 1);
  return { paths, lists };
}

const fieldsOf = (item: unknown): string[] =>
  typeof item === 'object' && item !== null && !Array.isArray(item)
    ? Object.keys(item).filter((key) => key !== '' && !key.includes('.'))
    : [];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const PROMPTS = /(^|\.)(prompt|messages|question|query|instruction|input)$/i;
const RUBRICS = /(rubric|criteria|checklist)s?$/i;
const CRITERIA = /^(criterion|criteria|description|requirement|text|title|item|content)$/i;
const POINTS = /^(points?|weight|score|value)$/i;

/** The mapping that the names suggest; a person can correct it. */
export function guessMapping({ paths, lists }: Columns): Pick<Mapping, 'prompt' | 'rubric' | 'criterion' | 'points'> {
  const rubric = [...lists.keys()].find((path) => RUBRICS.test(path)) ?? [...lists.keys()].at(-1) ?? '';
  const items = lists.get(rubric) ?? [];
  return {
    prompt: paths.find((path) => path !== rubric && PROMPTS.test(path)) ?? paths[0] ?? '',
    rubric,
    criterion: items.find((name) => CRITERIA.test(name)) ?? items[0] ?? 'criterion',
    points: items.find((name) => POINTS.test(name)) ?? 'points',
  };
}
