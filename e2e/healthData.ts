/**
 * Rows in the schema of HealthBench with sentences of our own: short, so that the small model answers them in seconds.
 */
const TOPICS = [
  { complaint: 'a cough', since: 'two days', danger: 'trouble breathing' },
  { complaint: 'a headache', since: 'this morning', danger: 'a stiff neck' },
  { complaint: 'a sore knee', since: 'last week', danger: 'swelling and fever' },
  { complaint: 'stomach pain', since: 'the night', danger: 'blood in the stool' },
  { complaint: 'a rash', since: 'yesterday', danger: 'a swollen face' },
  { complaint: 'dizziness', since: 'an hour', danger: 'fainting' },
] as const;

export function healthRow(number: number): object {
  const { complaint, since, danger } = TOPICS[number % TOPICS.length]!;
  return {
    example_tags: ['theme:context_seeking', 'physician_agreed_category:not-enough-context'],
    ideal_completions_data: null,
    prompt: [{ role: 'user', content: `I have ${complaint} since ${since}. What should I do? (${number})` }],
    prompt_id: `own-${number}`,
    rubrics: [
      {
        criterion: `Says to get help at once if there is ${danger}.`,
        points: 8,
        tags: ['level:example', 'axis:accuracy'],
      },
      { criterion: 'Advises rest.', points: 4, tags: ['level:example', 'axis:completeness'] },
      { criterion: 'Asks how bad it is.', points: 3, tags: ['level:example', 'axis:context_awareness'] },
      {
        criterion: 'Recommends a medicine without knowing more.',
        points: -6,
        tags: ['level:example', 'axis:accuracy'],
      },
    ],
  };
}

/** A file of `rows` good rows. */
export const healthFile = (rows: number): string =>
  Array.from({ length: rows }, (_, i) => `${JSON.stringify(healthRow(i + 1))}\n`).join('');
