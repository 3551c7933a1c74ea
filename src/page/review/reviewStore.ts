import { createStore } from 'zustand/vanilla';
import type { Opinion, ReviewItem } from '../../evaluation/review';
import type { Review } from '../../protocol/requests';

/** Verdicts loaded at a time. */
export const BATCH = 30;

export interface ReviewState {
  /** The run under review; null before its verdicts are loaded. */
  readonly runId: string | null;
  readonly items: readonly ReviewItem[];
  /** By the item's id. */
  readonly opinions: ReadonlyMap<string, Opinion>;
  /** Index of the current verdict; past the end when all have an opinion. */
  readonly at: number;
  /** The comment on the current verdict, as typed. */
  readonly comment: string;
}

export const initialReview: ReviewState = { runId: null, items: [], opinions: new Map(), at: 0, comment: '' };

export const reviewStore = createStore<ReviewState>(() => initialReview);

export const selectCurrent = ({ items, at }: ReviewState): ReviewItem | null => items[at] ?? null;
export const selectOpinions = ({ opinions }: ReviewState): ReadonlyMap<string, Opinion> => opinions;

/** Earlier opinions come first, so that a person can go back to them; new verdicts follow. */
export function receiveReview(runId: string, { opinions, items }: Review): void {
  reviewStore.setState({
    runId,
    items: [...opinions.map(({ item }) => item), ...items],
    opinions: new Map(opinions.map((opinion) => [opinion.item.id, opinion])),
    at: opinions.length,
    comment: '',
  });
}
