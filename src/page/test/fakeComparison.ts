import { type ComparisonRequest, ownExample, type Side } from '../../domain/comparisonRequest';
import type { Example } from '../../domain/example';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import type { ComparisonEvent, ExampleSummary, Progress } from '../../protocol/requests';
import type { CallContext } from '../../protocol/server';
import { fakeRollouts } from './fakeRun';

const EXAMPLES = 8;
const TICK_MS = 150;
/** Words that a side writes at a tick. */
const WORDS = 4;

const rolloutsOf = (number: number): readonly [RolloutRecord, RolloutRecord] => {
  const [base, , checkpoint] = fakeRollouts(1 + 40 * number, 1, 3);
  return [base!, checkpoint!];
};

const exampleOf = (number: number): Example => {
  const [{ prompt, criteria }] = rolloutsOf(number);
  return {
    promptId: `world-${number + 1}`,
    prompt,
    rubrics: criteria.map(({ criterion, points, tags }) => ({ criterion, points, tags })),
    exampleTags: [],
    idealCompletion: null,
  };
};

export const fakeExamples = (): ExampleSummary[] =>
  Array.from({ length: EXAMPLES }, (_, number): ExampleSummary => {
    const { promptId, prompt, rubrics } = exampleOf(number);
    return { promptId, lastMessage: prompt.at(-1)!.content, criteria: rubrics.length };
  });

/** Invented answers to one prompt, word by word, with invented verdicts. */
export async function fakeComparison(
  { prompt, first, grader, mode }: ComparisonRequest,
  { signal, progress }: CallContext<Progress<'compare'>>,
): Promise<void> {
  const number = prompt.kind === 'own' ? 0 : Number(prompt.promptId.split('-')[1]) - 1;
  const example = prompt.kind === 'own' ? ownExample(prompt) : exampleOf(number);
  progress({ type: 'prompt', example, grader: `Built-in tiny, ${grader} (${mode})` });
  for (const event of eventsOf(number, example, first)) {
    await new Promise((resolve) => setTimeout(resolve, TICK_MS / 2));
    signal.throwIfAborted();
    progress(event);
  }
}

function eventsOf(number: number, example: Example, first: Side): ComparisonEvent[] {
  const [base, checkpoint] = rolloutsOf(number);
  const sides: readonly Side[] = first === 'base' ? ['base', 'checkpoint'] : ['checkpoint', 'base'];
  const of = { base, checkpoint };
  const events: ComparisonEvent[] = [];
  const longest = Math.max(...sides.map((side) => words(of[side]).length));
  for (let written = WORDS; written < longest + WORDS; written += WORDS) {
    for (const side of sides) {
      const all = words(of[side]);
      if (written - WORDS >= all.length) continue;
      const finish = written >= all.length ? 'stop' : null;
      const text = all.slice(0, written).join('');
      events.push({ type: 'text', side, text, tokens: Math.min(written, all.length), finish });
    }
  }
  example.rubrics.forEach((_, criterion) => {
    for (const side of sides) {
      const { verdict, explanation, confidence, failure } = of[side].criteria[criterion % of[side].criteria.length]!;
      const grade = { verdict, explanation, confidence, failure };
      events.push({ type: 'verdict', side, criterion, grade });
    }
  });
  return events;
}

const words = ({ completion }: RolloutRecord): string[] => completion.match(/\s*\S+/g) ?? [];
