import type { Opinion } from '../../evaluation/review';
import { call } from '../connection/calls';
import { showRejection } from '../connection/showFailure';
import { BATCH, receiveReview, reviewStore, selectCurrent } from './reviewStore';

/** Loads a run's verdicts, or more of them. */
export function openReview(runId: string): void {
  call({ type: 'openReview', runId, count: BATCH }).then((review) => receiveReview(runId, review), showRejection);
}

/** Saves a person's opinion on the current verdict and moves to the next. */
export function giveOpinion(opinion: Opinion['opinion'], now = new Date()): void {
  const { runId, comment } = reviewStore.getState();
  const item = selectCurrent(reviewStore.getState());
  if (runId === null || !item) return;
  const given: Opinion = { item, opinion, comment: comment.trim(), at: now.toISOString() };
  save(given);
  moveTo(reviewStore.getState().at + 1);
}

/** Moves to another verdict. Saves a changed comment on a verdict that has an opinion. */
export function moveTo(index: number): void {
  const { items, opinions, at, comment } = reviewStore.getState();
  const left = items[at] && opinions.get(items[at].id);
  if (left && left.comment !== comment.trim()) save({ ...left, comment: comment.trim() });
  const next = Math.min(items.length, Math.max(0, index));
  const item = items[next];
  reviewStore.setState({ at: next, comment: (item && reviewStore.getState().opinions.get(item.id)?.comment) ?? '' });
}

export const comment = (text: string): void => reviewStore.setState({ comment: text.slice(0, 10_000) });

function save(opinion: Opinion): void {
  const { runId } = reviewStore.getState();
  reviewStore.setState(({ opinions }) => ({ opinions: new Map(opinions).set(opinion.item.id, opinion) }));
  if (runId !== null) call({ type: 'saveOpinion', runId, opinion }).catch(showRejection);
}
