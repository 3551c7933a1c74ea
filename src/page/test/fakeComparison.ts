import { type ComparisonRequest, ownExample, type Side } from '../../domain/comparisonRequest';
import type { Example } from '../../domain/example';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import type { ExampleSummary, Notice } from '../../protocol/protocol';
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

/** Invented answers side by side, word by word, with invented verdicts. */
export class FakeComparison {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private id: string | undefined;

  constructor(private readonly say: (notice: Notice) => void) {}

  list(runId: string, split: 'heldOut' | 'train'): void {
    const examples = Array.from({ length: EXAMPLES }, (_, number): ExampleSummary => {
      const { promptId, prompt, rubrics } = exampleOf(number);
      return { promptId, lastMessage: prompt.at(-1)!.content, criteria: rubrics.length };
    });
    this.say({ type: 'examples', runId, split, examples });
  }

  answer({ id, question, first, grader, mode }: ComparisonRequest): void {
    const number = question.kind === 'own' ? 0 : Number(question.promptId.split('-')[1]) - 1;
    const example = question.kind === 'own' ? ownExample(question) : exampleOf(number);
    const [base, checkpoint] = rolloutsOf(number);
    const sides: readonly Side[] = first === 'base' ? ['base', 'checkpoint'] : ['checkpoint', 'base'];
    const of = { base, checkpoint };
    const notices: Notice[] = [];
    const longest = Math.max(...sides.map((side) => words(of[side]).length));
    for (let written = WORDS; written < longest + WORDS; written += WORDS) {
      for (const side of sides) {
        const all = words(of[side]);
        if (written - WORDS >= all.length) continue;
        const finish = written >= all.length ? 'stop' : null;
        const text = all.slice(0, written).join('');
        notices.push({ type: 'sidesText', id, side, text, tokens: Math.min(written, all.length), finish });
      }
    }
    example.rubrics.forEach((_, criterion) => {
      for (const side of sides) {
        const { verdict, explanation, confidence, failure } = of[side].criteria[criterion % of[side].criteria.length]!;
        const grade = { verdict, explanation, confidence, failure };
        notices.push({ type: 'sidesVerdict', id, side, criterion, grade });
      }
    });
    notices.push({ type: 'sidesEnded', id, how: 'done' });
    this.id = id;
    this.say({ type: 'sidesAsked', id, example, grader: `Built-in tiny, ${grader} (${mode})` });
    this.play(notices, 0);
  }

  stop(): void {
    if (this.id === undefined) return;
    clearTimeout(this.timer);
    this.say({ type: 'sidesEnded', id: this.id, how: 'stopped' });
    this.id = undefined;
  }

  private play(notices: readonly Notice[], at: number): void {
    if (at === notices.length) {
      this.id = undefined;
      return;
    }
    this.timer = setTimeout(() => {
      this.say(notices[at]!);
      this.play(notices, at + 1);
    }, TICK_MS / 2);
  }
}

const words = ({ completion }: RolloutRecord): string[] => completion.match(/\s*\S+/g) ?? [];
