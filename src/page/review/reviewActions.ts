import type { Opinion } from '../../evaluation/review';
import { send } from '../connection/send';
import { BATCH, reviewStore, selectCurrent } from './reviewStore';

/** Asks for a run's verdicts, or for more of them. */
export const openReview = (runId: string): void => send({ type: 'openReview', runId, count: BATCH });

/** Says what a person thinks of the verdict that is shown, keeps it, and goes on to the next. */
export function judge(opinion: Opinion['opinion'], now = new Date()): void {
  const { runId, comment } = reviewStore.getState();
  const item = selectCurrent(reviewStore.getState());
  if (runId === null || !item) return;
  const given: Opinion = { item, opinion, comment: comment.trim(), at: now.toISOString() };
  keep(given);
  moveTo(reviewStore.getState().at + 1);
}

/** To another verdict. A comment that was changed on one already judged is kept with it. */
export function moveTo(index: number): void {
  const { items, opinions, at, comment } = reviewStore.getState();
  const left = items[at] && opinions.get(items[at].id);
  if (left && left.comment !== comment.trim()) keep({ ...left, comment: comment.trim() });
  const next = Math.min(items.length, Math.max(0, index));
  const item = items[next];
  reviewStore.setState({ at: next, comment: (item && reviewStore.getState().opinions.get(item.id)?.comment) ?? '' });
}

export const comment = (text: string): void => reviewStore.setState({ comment: text.slice(0, 10_000) });

function keep(opinion: Opinion): void {
  const { runId } = reviewStore.getState();
  reviewStore.setState(({ opinions }) => ({ opinions: new Map(opinions).set(opinion.item.id, opinion) }));
  if (runId !== null) send({ type: 'keepOpinion', runId, opinion });
}
