/**
 * The JSON objects in what a model wrote: fenced or bare, text around them, raw line breaks in strings, a trailing
 * comma. What cannot be parsed even so is left out.
 */
export const jsonObjects = (text: string): Record<string, unknown>[] =>
  outermostObjects(text)
    .map(parseLenient)
    .filter((value) => value !== undefined);

/** What follows the last thought; null while a thought is unfinished. */
export function afterThought(reply: string): string | null {
  const end = reply.lastIndexOf('</think>');
  if (end < 0 && reply.includes('<think>')) return null;
  return (end < 0 ? reply : reply.slice(end + '</think>'.length)).trim();
}

/** Texts of all outermost {…}, braces inside strings left alone. */
function outermostObjects(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"' && depth > 0) {
      inString = true;
    } else if (c === '{') {
      if (depth++ === 0) start = i;
    } else if (c === '}' && depth > 0 && --depth === 0) {
      found.push(text.slice(start, i + 1));
    }
  }
  return found;
}

function parseLenient(text: string): Record<string, unknown> | undefined {
  // Raw line breaks are not allowed inside JSON strings, but small models write them; between fields a space means
  // the same.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const spaced = text.replace(/[\u0000-\u001f]/g, ' ');
  for (const candidate of [text, spaced, spaced.replace(/,\s*([}\]])/g, '$1')]) {
    try {
      return JSON.parse(candidate) as Record<string, unknown>;
    } catch {
      // the next, more lenient form may do
    }
  }
  return undefined;
}
