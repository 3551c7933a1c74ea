import { drawVerdict, type Opinion, type ReviewItem, reviewPlan } from '../../evaluation/review';
import type { Review } from '../../protocol/requests';
import { fakeRollouts } from './fakeRun';

const SEED = 1;
const PROMPTS = 2;
const ANSWERS = 4;

/** Verdicts of invented answers for a person to review, and the opinions on them, as the worker saves them. */
export class FakeReview {
  private readonly said = new Map<string, Map<string, Opinion>>();

  open(runId: string, steps: number, count: number): Review {
    const opinions = [...(this.said.get(runId)?.values() ?? [])];
    const taken = new Set(opinions.map(({ item }) => item.id));
    const items: ReviewItem[] = [];
    for (const { step, kind } of reviewPlan(steps, count, SEED)) {
      const item = drawVerdict(fakeRollouts(step, PROMPTS, ANSWERS), kind, taken, SEED);
      if (!item) continue;
      taken.add(item.id);
      items.push(item);
    }
    return { opinions, items };
  }

  save(runId: string, opinion: Opinion): void {
    const of = this.said.get(runId) ?? new Map<string, Opinion>();
    of.delete(opinion.item.id);
    this.said.set(runId, of.set(opinion.item.id, opinion));
  }
}
