import type { Example } from '../domain/example';
import { type Mapping, valueAt } from './mapping';

/** What reading does to a row besides copying it, or leaves to the model's chat template, in the order of the report. */
export const READING = {
  professional: 'HealthBench Professional’s fields (id, conversation, rubric_items) read as HealthBench’s',
  metadata: 'rubrics taken from metadata',
  mapped: 'columns mapped to HealthBench’s fields, other columns ignored',
  named: 'no id: named by the prompt',
  textPrompt: 'prompt is a text: read as one user message',
  rubricText: 'rubric is JSON in a text: parsed',
  textPoints: 'points are texts: read as numbers',
  noPoints: 'criteria without points: 1 point each',
  messageFields: 'messages have fields besides role and content: ignored',
  spaces: 'criteria begin or end with spaces: kept as they are, compared without them',
  instructions:
    'system or developer turns: given to the chat template; one that knows no developer gets its text as system',
  thoughts: 'thoughts (…</think>) in earlier answers: dropped where the model’s chat template drops them',
  physicians: 'physician ids that do not match the labels: ignored',
  joined: 'prompt is in two files: used once, from the smaller one',
} as const;
export type Reading = keyof typeof READING;

/** Of an example's row, as it stands in the file. */
export function readingOf(
  fields: Readonly<Record<string, unknown>>,
  { prompt, rubrics, promptId }: Example,
  mapping: Mapping | undefined,
): readonly Reading[] {
  const found: Partial<Record<Reading, boolean>> = {
    professional: !mapping && 'conversation' in fields && 'rubric_items' in fields,
    metadata: !mapping && !fields.rubrics && rubrics.length > 0 && !('conversation' in fields),
    ...(mapping && mappingOf(fields, mapping, promptId)),
    messageFields: messagesOf(fields, mapping).some((message) =>
      Object.keys(message).some((key) => key !== 'role' && key !== 'content'),
    ),
    spaces: rubrics.some(({ criterion }) => criterion !== criterion.trim()),
    instructions: prompt.some(({ role }) => role === 'system' || role === 'developer'),
    thoughts: prompt.some(({ role, content }) => role === 'assistant' && content.includes('</think>')),
  };
  return (Object.keys(READING) as Reading[]).filter((reading) => found[reading]);
}

function mappingOf(fields: Readonly<Record<string, unknown>>, mapping: Mapping, promptId: string) {
  const rubric = valueAt(fields, mapping.rubric);
  const list = typeof rubric === 'string' ? (JSON.parse(rubric) as unknown) : rubric;
  const points = Array.isArray(list) ? list.map((item) => valueAt(item, mapping.points)) : [];
  const id = mapping.id === undefined ? undefined : valueAt(fields, mapping.id);
  return {
    mapped: true,
    named: (id ?? null) === null && promptId !== '',
    textPrompt: typeof valueAt(fields, mapping.prompt) === 'string',
    rubricText: typeof rubric === 'string',
    textPoints: points.some((value) => typeof value === 'string'),
    noPoints: points.some((value) => (value ?? null) === null),
  };
}

function messagesOf(fields: Readonly<Record<string, unknown>>, mapping: Mapping | undefined): readonly object[] {
  const found = mapping ? valueAt(fields, mapping.prompt) : (fields.prompt ?? fields.conversation);
  const list = Array.isArray(found) ? found : (found as { messages?: unknown } | undefined)?.messages;
  return Array.isArray(list) ? list.filter((item): item is object => typeof item === 'object' && item !== null) : [];
}
