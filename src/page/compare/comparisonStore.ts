import { createStore } from 'zustand/vanilla';
import { checkpointName, type RunSummary } from '../../domain/run';
import type { ExampleSummary } from '../../protocol/requests';
import type { LiveComparison, SubjectVote } from './comparison';

/** The settings of a comparison. Grader, mode and length come from the Evaluate form (evaluationStore.ts). */
export interface ComparisonForm {
  /** `run/step`; null takes the newest checkpoint. */
  readonly subject: string | null;
  readonly source: 'heldOut' | 'train' | 'own';
  /** Words that an example must contain to be listed. */
  readonly find: string;
  /** Null takes the first listed. */
  readonly promptId: string | null;
  readonly text: string;
  /** As typed: one per line, points first. */
  readonly criteria: string;
  /** Names appear after the vote. */
  readonly blind: boolean;
  /** So do verdicts and scores. */
  readonly gradesAfterVote: boolean;
}

export interface ComparisonState {
  readonly form: ComparisonForm;
  /** By `run/split`; absent until the worker has listed them. */
  readonly examples: Readonly<Record<string, readonly ExampleSummary[]>>;
  readonly comparison: LiveComparison | null;
  readonly votes: readonly SubjectVote[];
}

export const initialComparison: ComparisonState = {
  form: {
    subject: null,
    source: 'heldOut',
    find: '',
    promptId: null,
    text: '',
    criteria: '',
    blind: true,
    gradesAfterVote: false,
  },
  examples: {},
  comparison: null,
  votes: [],
};

export const comparisonStore = createStore<ComparisonState>(() => initialComparison);

export const selectComparisonForm = ({ form }: ComparisonState): ComparisonForm => form;
export const selectComparison = ({ comparison }: ComparisonState): LiveComparison | null => comparison;
export const selectVotes = ({ votes }: ComparisonState): readonly SubjectVote[] => votes;

export const changeComparisonForm = (change: Partial<ComparisonForm>): void =>
  comparisonStore.setState(({ form, comparison }) => ({
    form: { ...form, ...change },
    // A person who has seen the names is no longer blind.
    ...(change.blind === false && comparison && { comparison: { ...comparison, named: true } }),
  }));

/** Checkpoints as `run/step`, newest run and newest step first. */
export const checkpointChoices = (runs: readonly RunSummary[]): { value: string; label: string }[] =>
  runs.flatMap(({ runId, name, checkpoints }) =>
    [...checkpoints]
      .reverse()
      .map(({ step }) => ({ value: `${runId}/${step}`, label: checkpointName({ name }, step) })),
  );

/** Most examples listed. */
const LISTED = 50;

/** Examples that contain every search word; `more` counts those not listed. */
export function found(
  examples: readonly ExampleSummary[],
  find: string,
): { listed: readonly ExampleSummary[]; more: number } {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const all = examples.filter(({ promptId, lastMessage }) => {
    const text = `${promptId} ${lastMessage}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return { listed: all.slice(0, LISTED), more: Math.max(0, all.length - LISTED) };
}
