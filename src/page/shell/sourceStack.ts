/** The source of a position in a built file. */
interface Origin {
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

const BUILT = /(https?:\/\/[^\s()]+?\.js):(\d+):(\d+)/g;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A stack trace with the lines of src/ in place of the built ones. Without a map, a line stays unchanged. */
export async function sourceStack(stack: string, load: (url: string) => Promise<SourceMap> = loadMap): Promise<string> {
  const files = new Set([...stack.matchAll(BUILT)].map(([, url]) => url!));
  const maps = new Map<string, SourceMap>();
  await Promise.all(
    [...files].map((url) =>
      load(`${url}.map`)
        .then((map) => maps.set(url, map))
        .catch(() => {}),
    ),
  );
  return stack.replace(BUILT, (built, url: string, line: string, column: string) => {
    const map = maps.get(url);
    const origin = map && originOf(map, Number(line), Number(column));
    return origin ? `${origin.source}:${origin.line}:${origin.column}` : built;
  });
}

const loadMap = async (url: string): Promise<SourceMap> => (await fetch(url)).json();

/** Lines and columns count from 1, as in stack traces. Null when the map has nothing at or before the position. */
export function originOf({ sources, mappings }: SourceMap, line: number, column: number): Origin | null {
  let [source, sourceLine, sourceColumn] = [0, 0, 0];
  let origin: Origin | null = null;
  for (const [i, segments] of mappings.split(';', line).entries()) {
    let built = 0;
    for (const segment of segments === '' ? [] : segments.split(',')) {
      const [at = 0, inSource, atLine = 0, atColumn = 0] = numbersOf(segment);
      built += at;
      if (inSource === undefined) continue;
      source += inSource;
      sourceLine += atLine;
      sourceColumn += atColumn;
      if (i !== line - 1 || built > column - 1) continue;
      origin = { source: ownPath(sources[source] ?? ''), line: sourceLine + 1, column: sourceColumn + 1 };
    }
  }
  return origin;
}

const ownPath = (source: string): string => source.replace(/^(\.\.\/)+/, '');

/** Base 64, five bits a digit, least significant first; the lowest bit of a number is its sign. */
function numbersOf(segment: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}
