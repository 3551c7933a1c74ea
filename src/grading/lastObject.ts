/**
 * A JSON object that ends a reply: its fields, and the names of all keys in the order written, those of inner objects
 * among them.
 */
export interface LastObject {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly keys: readonly { readonly name: string; readonly inner: boolean }[];
}

/** Lines before the object without a brace, a code fence or none, the object, the fence's end. */
const REPLY = /^([^{}]*\n)?[ \t]*(\{[\s\S]*\})\s*(```)?$/;
const FENCE = /(?:^|\n)[ \t]*```\w*[ \t]*\n?$/;

/**
 * The one object of a reply, where it begins a line (or follows the opening of a code fence) and is the last thing
 * written; null otherwise. Lenient about layout only: a trailing comma, raw line breaks in strings. A quoted object
 * with words before or after it is none.
 */
export function lastObject(reply: string): LastObject | null {
  const text = reply.trim();
  const start = text.indexOf('{');
  if (start < 0) return null;
  const before = text.slice(0, start).replace(FENCE, '\n');
  const found = REPLY.exec(`${before.trim() === '' ? '' : before}${text.slice(start)}`);
  if (!found) return null;
  const layouts = layoutsOf(found[2]!);
  for (const layout of layouts) {
    const fields = parsed(layout);
    if (fields !== undefined) return { fields, keys: keysOf(layout) };
  }
  return null;
}

/** As written; then with what is only layout in the way that JSON wants it. */
function layoutsOf(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const spaced = text.replace(/[\u0000-\u001f]/g, ' ');
  return [text, spaced, spaced.replace(/,\s*\}$/, '}')];
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Of an object that parses. JSON.parse keeps the last of equal keys, and spells them out of their escapes. */
function keysOf(text: string): LastObject['keys'] {
  let depth = 0;
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g)].flatMap(([token, colon]) => {
    if (token === '{') depth++;
    else if (token === '}') depth--;
    if (colon === undefined) return [];
    return [{ name: JSON.parse(token.slice(0, -colon.length)) as string, inner: depth > 1 }];
  });
}
