import { createStore } from 'zustand/vanilla';
import type { Opinion, ReviewItem } from '../../evaluation/review';
import type { Review } from '../../protocol/requests';

/** Verdicts that are asked for at a time. */
export const BATCH = 30;

export interface ReviewState {
  /** The run whose verdicts are reviewed; null before they are here. */
  readonly runId: string | null;
  readonly items: readonly ReviewItem[];
  /** By the item's id. */
  readonly opinions: ReadonlyMap<string, Opinion>;
  /** Index of the verdict that is shown; past the end when all have an opinion. */
  readonly at: number;
  /** What is typed for the verdict that is shown. */
  readonly comment: string;
}

export const initialReview: ReviewState = { runId: null, items: [], opinions: new Map(), at: 0, comment: '' };

export const reviewStore = createStore<ReviewState>(() => initialReview);

export const selectCurrent = ({ items, at }: ReviewState): ReviewItem | null => items[at] ?? null;
export const selectOpinions = ({ opinions }: ReviewState): ReadonlyMap<string, Opinion> => opinions;

/** Earlier opinions come first, so that one can go back to them; the new verdicts follow. */
export function receiveReview(runId: string, { opinions, items }: Review): void {
  reviewStore.setState({
    runId,
    items: [...opinions.map(({ item }) => item), ...items],
    opinions: new Map(opinions.map((opinion) => [opinion.item.id, opinion])),
    at: opinions.length,
    comment: '',
  });
}
