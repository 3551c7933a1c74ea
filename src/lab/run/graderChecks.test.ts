import { expect, it } from 'vitest';
import type { LanguageModel } from '../../model/languageModel';
import { FakeModel, identity, MemoryStore, testRun, testSession } from '../test/testLab';
import { restoreCheckpoint } from './checkpointState';

const probes = { every: 3, items: 2 };

async function driven(change: Parameters<typeof testRun>[0]) {
  const store = new MemoryStore();
  const run = testRun(change);
  await store.createRun(run);
  const session = testSession(run, store);
  return { store, run, ...session };
}
const numbers = (metrics: readonly object[], plain = false) =>
  metrics.map((line) =>
    Object.fromEntries(
      Object.entries(line).filter(([key]) => !key.includes('time') && !(plain && key.startsWith('probe/'))),
    ),
  );

it('checks the grader after the first step and every so many, and learns what it would have learned without', async () => {
  const checked = await driven({ probes });
  await checked.session.drive();
  const metrics = await checked.store.loadMetrics('run-a');
  const probed = metrics.filter((line) => line['probe/leniency'] !== null);
  expect(probed.map(({ step }) => step)).toEqual([1, 3, 6]);
  expect(probed.every((line) => Number.isFinite(line['probe/control_empty']))).toBe(true);
  expect(checked.of('progress').map(({ label }) => label)).toContain('Checking the grader');
  const plain = await driven({});
  await plain.session.drive();
  expect(numbers(await plain.store.loadMetrics('run-a'), true)).toEqual(numbers(metrics, true));
});

it('goes on from a checkpoint with the same numbers', async () => {
  const whole = await driven({ probes });
  await whole.session.drive();
  const model = new FakeModel();
  const store = new MemoryStore();
  const run = testRun({ probes });
  await store.createRun(run);
  await restoreCheckpoint(
    model as unknown as LanguageModel,
    (await whole.store.loadCheckpoint('run-a', 2))!,
    identity('fake-id'),
  );
  await testSession({ ...run, step: 2 }, store, model).session.drive();
  // The starting weights of this fake are those of now, so what is graded by them differs; the rest must not.
  const byNow = ['probe/control_empty', 'probe/control_colon', 'probe/control_echo'] as const;
  const pick = (metrics: Awaited<ReturnType<typeof store.loadMetrics>>) =>
    metrics.map((line) => [line.step, line.reward, ...byNow.map((key) => line[key])]);
  expect(pick(await store.loadMetrics('run-a'))).toEqual(pick((await whole.store.loadMetrics('run-a')).slice(2)));
});

it('gives the check up on stop, and keeps the step', async () => {
  const { session, next, store } = await driven({ probes: { every: 1, items: 5 } });
  const during = next('progress');
  const driving = session.drive();
  await during;
  while ((await next('progress')).label !== 'Checking the grader');
  session.stop();
  expect(await driving).toMatchObject({ status: 'stopped', step: 1 });
  expect(await store.loadMetrics('run-a')).toHaveLength(1);
});
