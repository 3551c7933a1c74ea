import type { CriterionGrade } from './verdict';

const ungraded = (failure: string, explanation = ''): CriterionGrade => ({
  verdict: 'ungraded',
  explanation,
  confidence: null,
  failure,
});

const graded = (met: boolean, explanation: string): CriterionGrade => ({
  verdict: met ? 'met' : 'notMet',
  explanation,
  confidence: null,
  failure: null,
});

/**
 * Reads a grader's reply: the JSON object after the last thought, fenced or bare, with a real boolean `criteria_met`. Lenient about layout
 * (text around it, raw line breaks in strings, a trailing comma), never about the verdict: anything else is ungraded, with the reason.
 */
export function readVerdict(reply: string): CriterionGrade {
  const thought = reply.lastIndexOf('</think>');
  if (thought < 0 && reply.includes('<think>')) return ungraded('the grader was still thinking when its reply ended');
  const text = (thought < 0 ? reply : reply.slice(thought + 8)).trim();
  if (text === '') return ungraded('the grader’s reply is empty');

  const found = objects(text)
    .map(parseLenient)
    .filter((value) => value !== undefined && 'criteria_met' in value);
  if (found.length === 0) return fromBrokenJson(text);

  const verdicts = new Set(found.map((value) => value!.criteria_met));
  if (verdicts.size > 1) return ungraded('the grader gave two different verdicts');
  const value = found[0]!;
  const explanation = typeof value.explanation === 'string' ? value.explanation : '';
  const met = value.criteria_met;
  if (typeof met === 'boolean') return graded(met, explanation);
  return ungraded(`criteria_met is ${JSON.stringify(met)?.slice(0, 40)}, not true or false`, explanation);
}

/** Texts of all outermost {…}, braces inside strings left alone. */
function objects(text: string): string[] {
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
  // Raw line breaks are not allowed inside JSON strings, but small models write them; between fields a space means the same.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const spaced = text.replace(/[\u0000-\u001f]/g, ' ');
  for (const candidate of [text, spaced, spaced.replace(/,\s*}$/, '}')]) {
    try {
      return JSON.parse(candidate) as Record<string, unknown>;
    } catch {
      // the next, more lenient form may do
    }
  }
  return undefined;
}

/** No object could be parsed (a quote too many in the explanation, no closing brace): a bare `"criteria_met": true` still is a verdict. */
function fromBrokenJson(text: string): CriterionGrade {
  const matches = [...text.matchAll(/["']?criteria_met["']?\s*:\s*(true|false)\b/gi)];
  const verdicts = new Set(matches.map((match) => match[1]!.toLowerCase()));
  if (verdicts.size > 1) return ungraded('the grader gave two different verdicts');
  const explanation = /"explanation"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? '';
  const [verdict] = verdicts;
  if (verdict) return graded(verdict === 'true', explanation);
  return ungraded(
    /criteria_met/.test(text) ? 'criteria_met is neither true nor false' : 'the grader’s reply has no criteria_met',
    explanation,
  );
}
