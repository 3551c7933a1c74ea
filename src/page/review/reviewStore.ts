import { createStore } from 'zustand/vanilla';
import type { Opinion, ReviewItem } from '../../evaluation/review';

/** Verdicts that are asked for at a time. */
export const BATCH = 30;

export interface ReviewState {
  /** The run whose verdicts are judged; null before they are here. */
  readonly runId: string | null;
  readonly items: readonly ReviewItem[];
  /** By the item's id. */
  readonly opinions: ReadonlyMap<string, Opinion>;
  /** Index of the verdict that is shown; past the end when all are judged. */
  readonly at: number;
  /** What is typed for the verdict that is shown. */
  readonly comment: string;
}

export const initialReview: ReviewState = { runId: null, items: [], opinions: new Map(), at: 0, comment: '' };

export const reviewStore = createStore<ReviewState>(() => initialReview);

export const selectCurrent = ({ items, at }: ReviewState): ReviewItem | null => items[at] ?? null;
export const selectOpinions = ({ opinions }: ReviewState): ReadonlyMap<string, Opinion> => opinions;

/** What was said before comes first, so that one can go back to it; the new ones follow. */
export function receiveReview(runId: string, opinions: readonly Opinion[], items: readonly ReviewItem[]): void {
  reviewStore.setState({
    runId,
    items: [...opinions.map(({ item }) => item), ...items],
    opinions: new Map(opinions.map((opinion) => [opinion.item.id, opinion])),
    at: opinions.length,
    comment: '',
  });
}
