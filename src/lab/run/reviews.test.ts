import { expect, it } from 'vitest';
import type { Opinion, ReviewItem } from '../../evaluation/review';
import { MemoryStore, testRun, testSession } from '../test/testLab';
import { Reviews } from './reviews';

async function reviewed() {
  const store = new MemoryStore();
  const run = testRun({ steps: 6 });
  await store.createRun(run);
  await testSession(run, store).session.drive();
  const reviews = new Reviews(async () => store);
  const say = (item: ReviewItem, opinion: Opinion['opinion'], comment = ''): Opinion => ({
    item,
    opinion,
    comment,
    at: '2026-01-01T00:00:00Z',
  });
  return { store, reviews, say };
}

it('draws verdicts across the run, and the same ones again', async () => {
  const { reviews } = await reviewed();
  const { items, opinions } = await reviews.open('run-a', 12);
  expect([items.length, opinions.length]).toEqual([12, 0]);
  expect(new Set(items.map(({ step }) => step)).size).toBe(6);
  expect(new Set(items.map(({ id }) => id)).size).toBe(12);
  expect((await reviews.open('run-a', 12)).items).toEqual(items);
  // 6 steps of 4 answers with 2 criteria each: more cannot be asked.
  expect((await reviews.open('run-a', 500)).items).toHaveLength(48);
});

it('keeps opinions with the run, in the order of the changes however fast they come', async () => {
  const { store, reviews, say } = await reviewed();
  const { items } = await reviews.open('run-a', 4);
  await Promise.all([
    reviews.save('run-a', say(items[0]!, 'agree')),
    reviews.save('run-a', say(items[1]!, 'disagree', 'no')),
    reviews.save('run-a', say(items[0]!, 'skip')),
  ]);
  const next = await new Reviews(async () => store).open('run-a', 4);
  expect(next.opinions.map(({ item, opinion, comment }) => [item.id, opinion, comment])).toEqual([
    [items[1]!.id, 'disagree', 'no'],
    [items[0]!.id, 'skip', ''],
  ]);
  const said = new Set([items[0]!.id, items[1]!.id]);
  expect(next.items.some(({ id }) => said.has(id))).toBe(false);
});

it('refuses what is no opinion, and a run that is not there', async () => {
  const { reviews, say } = await reviewed();
  const { items } = await reviews.open('run-a', 1);
  expect(() => reviews.save('run-a', { ...say(items[0]!, 'agree'), opinion: 'maybe' as 'agree' })).toThrow();
  await expect(reviews.open('nowhere', 1)).rejects.toThrow(/Run nowhere does not exist/);
});
