import { createStore } from 'zustand/vanilla';
import type { Verdict } from '../../domain/verdict';
import type { LivePrompt, Notice } from '../../protocol/notices';

/** An answer while it is written and graded. */
export interface LiveAnswer {
  readonly tokens: number;
  /** The last part of the text. */
  readonly text: string;
  /** By criterion; null until graded. */
  readonly verdicts: readonly (Verdict | null)[];
  /** The grader's newest reason and its criterion. */
  readonly reason: { readonly criterion: number; readonly text: string } | null;
}

/** The live step. */
export interface LiveStepState {
  readonly runId: string | null;
  readonly step: number;
  readonly groupSize: number;
  readonly prompts: readonly LivePrompt[];
  /** (P·G) */
  readonly answers: readonly LiveAnswer[];
}

const NOTHING: LiveStepState = { runId: null, step: 0, groupSize: 0, prompts: [], answers: [] };

export const liveStepStore = createStore<LiveStepState>(() => NOTHING);

export const forgetLiveStep = (): void => liveStepStore.setState(NOTHING);

type Of<T extends Notice['type']> = Omit<Extract<Notice, { type: T }>, 'type'>;

export function beginLiveStep({ runId, step, groupSize, prompts }: Of<'liveStep'>): void {
  const answers = prompts.flatMap(({ points }) =>
    Array.from(
      { length: groupSize },
      (): LiveAnswer => ({ tokens: 0, text: '', verdicts: points.map(() => null), reason: null }),
    ),
  );
  liveStepStore.setState({ runId, step, groupSize, prompts, answers });
}

/** Only the answers that changed are new objects, so that the others are not drawn again. */
export function changeLiveStep({ runId, answers, reasons, grades }: Of<'liveAnswers'>): void {
  liveStepStore.setState((state) => {
    if (state.runId !== runId) return {};
    const all = [...state.answers];
    const change = (index: number, part: (answer: LiveAnswer) => Partial<LiveAnswer>) => {
      const answer = all[index];
      if (answer) all[index] = { ...answer, ...part(answer) };
    };
    for (const { answer, tokens, text } of answers) change(answer, () => ({ tokens, text }));
    for (const { answer, criterion, text } of reasons) change(answer, () => ({ reason: { criterion, text } }));
    for (const { answer, criterion, verdict, reason } of grades) {
      change(answer, ({ verdicts, reason: before }) => ({
        verdicts: verdicts.map((old, i) => (i === criterion ? verdict : old)),
        reason: reason === '' ? before : { criterion, text: reason },
      }));
    }
    return { answers: all };
  });
}
