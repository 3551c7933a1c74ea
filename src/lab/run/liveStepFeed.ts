import type { Example } from '../../domain/example';
import type { CriterionGrade } from '../../domain/verdict';
import type { Notice } from '../../protocol/notices';
import type { StepListener } from '../../rl/stepListener';
import type { ChatText } from '../../text/chatText';

/** Four times a second: as fast as one reads, and little enough for the page's thread. */
const INTERVAL_MS = 250;
/** Characters of a text that are sent: its end, where tokens arrive. */
const SHOWN = 400;
/** Tokens that are turned into text for it, so that long answers cost the loop no more than short ones. */
const READ = 160;

/** Turns what happens in a step into notices, each with what has changed since the last. */
export class LiveStepFeed implements StepListener {
  private tokens: number[][] = [];
  private reasons = new Map<string, number[]>();
  private readonly changed = { answers: new Set<number>(), reasons: new Set<string>() };
  private grades: { answer: number; criterion: number; verdict: CriterionGrade['verdict']; reason: string }[] = [];
  private sentAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly runId: string,
    private readonly text: Pick<ChatText, 'decode'>,
    private readonly notify: (notice: Notice) => void,
    private readonly now: () => number,
  ) {}

  onPrompts(step: number, examples: readonly Example[], groupSize: number): void {
    this.tokens = examples.flatMap(() => Array.from({ length: groupSize }, () => []));
    this.reasons = new Map();
    this.forgetChanges();
    const prompts = examples.map(({ promptId, prompt, rubrics }) => ({
      promptId,
      prompt: prompt.at(-1)!.content.slice(0, SHOWN),
      points: rubrics.map(({ points }) => points),
    }));
    this.notify({ type: 'liveStep', runId: this.runId, step, groupSize, prompts });
  }

  onTokens(answer: number, tokens: readonly number[]): void {
    this.tokens[answer]!.push(...tokens);
    this.changed.answers.add(answer);
    this.send();
  }

  onReasoning(answer: number, criterion: number, tokens: readonly number[]): void {
    const key = `${answer} ${criterion}`;
    const known = this.reasons.get(key);
    if (known) known.push(...tokens);
    else this.reasons.set(key, [...tokens]);
    this.changed.reasons.add(key);
    this.send();
  }

  onGrade(answer: number, criterion: number, { verdict, explanation, failure }: CriterionGrade): void {
    this.changed.reasons.delete(`${answer} ${criterion}`);
    const reason = (explanation || failure || '').slice(0, SHOWN);
    this.grades.push({ answer, criterion, verdict, reason });
    this.send();
  }

  /** What the interval held back. */
  flush(): void {
    const { answers, reasons } = this.changed;
    if (answers.size + reasons.size + this.grades.length === 0) return;
    this.sentAt = this.now();
    this.notify({
      type: 'liveAnswers',
      runId: this.runId,
      answers: [...answers].map((answer) => {
        const tokens = this.tokens[answer]!;
        return { answer, tokens: tokens.length, text: this.end(tokens) };
      }),
      reasons: [...reasons].map((key) => {
        const [answer, criterion] = key.split(' ').map(Number);
        return { answer: answer!, criterion: criterion!, text: this.end(this.reasons.get(key)!) };
      }),
      grades: this.grades,
    });
    this.forgetChanges();
  }

  private send(): void {
    if (this.now() - this.sentAt >= INTERVAL_MS) this.flush();
  }

  private forgetChanges(): void {
    this.changed.answers.clear();
    this.changed.reasons.clear();
    this.grades = [];
  }

  private end(tokens: readonly number[]): string {
    const text = this.text.decode(Int32Array.from(tokens.slice(-READ)));
    return tokens.length > READ || text.length > SHOWN ? `…${text.slice(-SHOWN)}` : text;
  }
}
