import { drawVerdict, type Opinion, type ReviewItem, reviewPlan } from '../../evaluation/review';
import type { Notice } from '../../protocol/protocol';
import { fakeRollouts } from './fakeRun';

const SEED = 1;
const PROMPTS = 2;
const ANSWERS = 4;

/** Verdicts of invented answers for a person to judge, and what was said of them, as the worker keeps it. */
export class FakeReview {
  private readonly said = new Map<string, Map<string, Opinion>>();

  open(runId: string, steps: number, count: number): Extract<Notice, { type: 'review' }> {
    const opinions = [...(this.said.get(runId)?.values() ?? [])];
    const taken = new Set(opinions.map(({ item }) => item.id));
    const items: ReviewItem[] = [];
    for (const { step, kind } of reviewPlan(steps, count, SEED)) {
      const item = drawVerdict(fakeRollouts(step, PROMPTS, ANSWERS), kind, taken, SEED);
      if (!item) continue;
      taken.add(item.id);
      items.push(item);
    }
    return { type: 'review', runId, opinions, items };
  }

  keep(runId: string, opinion: Opinion): void {
    const of = this.said.get(runId) ?? new Map<string, Opinion>();
    of.delete(opinion.item.id);
    this.said.set(runId, of.set(opinion.item.id, opinion));
  }
}
