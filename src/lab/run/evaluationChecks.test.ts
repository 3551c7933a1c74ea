import { expect, it } from 'vitest';
import type { StepMetrics } from '../../domain/metrics/metrics';
import type { WorkContext } from '../../domain/workContext';
import type { LanguageModel } from '../../model/languageModel';
import { periodicPrompts } from '../../rl/periodicEvaluation';
import { characterText, testExample } from '../../rl/test/testModel';
import { FakeModel, identity, MemoryStore, testRun, testSession } from '../test/testLab';
import { restoreCheckpoint } from './checkpointState';
import { keepRunData, loadRunData } from './runData';

const evaluation = { every: 2, prompts: 3, answers: 2 };

/** Its starting weights stay what they were, as a real model's do. */
class Steady extends FakeModel {
  private readonly start = this.state;
  private async as<T>(adapter: boolean | undefined, work: () => Promise<T>): Promise<T> {
    const now = this.state;
    if (adapter === false) this.state = this.start;
    try {
      return await work();
    } finally {
      this.state = now;
    }
  }
  override generate(requests: readonly { seed: number }[], options: { adapter?: boolean }, context?: WorkContext) {
    return this.as(options.adapter, () => super.generate(requests, options, context));
  }
  override score(requests: readonly Int32Array[], candidates: readonly number[], options?: { adapter?: boolean }) {
    return this.as(options?.adapter, () => super.score(requests, candidates));
  }
}

async function driven(change: Parameters<typeof testRun>[0]) {
  const store = new MemoryStore();
  const run = testRun(change);
  await store.createRun(run);
  const session = testSession(run, store, new Steady());
  return { store, run, ...session };
}
/** Without times, which differ; and without the numbers of evaluation where `plain`. */
const numbers = (metrics: readonly object[], plain = false) =>
  metrics.map((line) =>
    Object.fromEntries(
      Object.entries(line).filter(([key]) => !key.includes('time') && !(plain && key.startsWith('eval/'))),
    ),
  );

it('answers held-out prompts after the first step and every so many, and learns what it would have learned without', async () => {
  const watched = await driven({ evaluation });
  await watched.session.drive();
  const metrics = await watched.store.loadMetrics('run-a');
  const evaluated = metrics.filter((line) => line['eval/frozen_score'] !== null);
  expect(evaluated.map(({ step }) => step)).toEqual([1, 2, 4, 6]);
  for (const line of evaluated) {
    const [low, score, high] = [line['eval/score_low']!, line['eval/frozen_score']!, line['eval/score_high']!];
    expect(low).toBeLessThanOrEqual(score);
    expect(high).toBeGreaterThanOrEqual(score);
    expect(line['eval/mean_length']).toBeGreaterThan(0);
    expect(line['eval/true_reward']).toBeNull(); // not the synthetic world
  }
  expect(metrics[2]!['eval/mean_length']).toBeNull();
  expect(watched.of('progress').map(({ label }) => label)).toContain('Grading held-out answers');

  const plain = await driven({});
  await plain.session.drive();
  expect(numbers(await plain.store.loadMetrics('run-a'), true)).toEqual(numbers(metrics, true));
});

it('asks the policy for answers and the starting weights for grades', async () => {
  const adapters: [string, boolean | undefined][] = [];
  class Asked extends FakeModel {
    override async generate(
      requests: readonly { seed: number }[],
      options: { adapter?: boolean },
      context?: WorkContext,
    ) {
      adapters.push(['answer', options.adapter]);
      return super.generate(requests, options, context);
    }
    override async score(
      requests: readonly Int32Array[],
      candidates: readonly number[],
      options?: { adapter?: boolean },
    ) {
      adapters.push(['grade', options?.adapter]);
      return super.score(requests, candidates);
    }
  }
  const run = testRun({ steps: 1, evaluation });
  const store = new MemoryStore();
  await store.createRun(run);
  await testSession(run, store, new Asked()).session.drive();
  expect(adapters).toEqual([
    ['answer', true],
    ['grade', true], // the step: graded by the policy itself
    ['answer', true],
    ['grade', false],
  ]);
});

it('goes on from a checkpoint with the same numbers', async () => {
  const whole = await driven({ evaluation });
  await whole.session.drive();

  const model = new Steady();
  const store = new MemoryStore();
  const run = testRun({ evaluation });
  await store.createRun(run);
  await restoreCheckpoint(
    model as unknown as LanguageModel,
    (await whole.store.loadCheckpoint('run-a', 2))!,
    identity('fake-id'),
  );
  await testSession({ ...run, step: 2 }, store, model).session.drive();
  const rest = (await whole.store.loadMetrics('run-a')).slice(2);
  expect(numbers(await store.loadMetrics('run-a'))).toEqual(numbers(rest));
});

it('gives the evaluation up on stop, and keeps the step', async () => {
  const { session, next, store } = await driven({ steps: 6, evaluation: { ...evaluation, answers: 64 } });
  const during = next('progress');
  const driving = session.drive();
  await during;
  while ((await next('progress')).phase !== 'evaluate');
  session.stop();
  expect(await driving).toMatchObject({ status: 'stopped', step: 1 });
  expect(await store.loadMetrics('run-a')).toMatchObject([{ step: 1, 'eval/frozen_score': null }]);
});

it.each([1, 6])(
  'stopped during the check or the evaluation after step %i, goes on as if it had never stopped',
  async (at) => {
    const change = { evaluation: { ...evaluation, answers: 64 }, probes: { every: 2, items: 3 } };
    const whole = await driven(change);
    await whole.session.drive();
    for (const label of ['Checking the grader', 'Grading held-out answers']) {
      const store = new MemoryStore();
      const run = testRun(change);
      await store.createRun(run);
      const cut = testSession(run, store, new Steady());
      const driving = cut.session.drive();
      for (let seen = await cut.next('progress'); seen.label !== label || seen.step !== at; )
        seen = await cut.next('progress');
      cut.session.stop();
      // Not finished: something is still to be done.
      expect(await driving).toMatchObject({ status: 'stopped', step: at });
      expect(await store.loadMetrics('run-a')).toHaveLength(at);
      expect((await store.loadMetrics('run-a')).at(-1)).toMatchObject({ 'time/evaluation': null });

      const model = new Steady();
      const checkpoint = (await store.loadCheckpoint('run-a', at))!;
      await restoreCheckpoint(model as unknown as LanguageModel, checkpoint, identity('fake-id'));
      const again = testSession((await store.loadRun('run-a'))!, store, model);
      expect(await again.session.drive()).toMatchObject({ status: 'finished', step: 6 });
      expect(again.of('stepChecked')[0]!.metrics.step).toBe(at);
      expect(numbers(await store.loadMetrics('run-a'))).toEqual(numbers(await whole.store.loadMetrics('run-a')));
      for (let step = 1; step <= 6; step++)
        expect(await store.loadRollouts('run-a', step)).toEqual(await whole.store.loadRollouts('run-a', step));
    }
  },
);

it('a step is told and kept before its checks, and again with their numbers', async () => {
  const { session, notices, store } = await driven({ steps: 2, evaluation, probes: { every: 2, items: 3 } });
  const kept: string[] = [];
  const [append, update] = [store.appendStep.bind(store), store.updateStep.bind(store)];
  const note = (metrics: StepMetrics, answers: string) => {
    const known = [metrics['time/probe'], metrics['time/evaluation']].filter((time) => time !== null).length;
    kept.push(`${metrics.step}, ${known} checks, ${answers}`);
  };
  store.appendStep = (runId, metrics, rollouts) => {
    note(metrics, `${rollouts.length} answers`);
    return append(runId, metrics, rollouts);
  };
  store.updateStep = (runId, metrics) => {
    note(metrics, 'numbers only');
    return update(runId, metrics);
  };
  await session.drive();
  const told = notices.flatMap((notice) =>
    notice.type === 'step' || notice.type === 'stepChecked' ? [`${notice.type} ${notice.metrics.step}`] : [],
  );
  expect(told).toEqual(['step 1', 'stepChecked 1', 'step 2', 'stepChecked 2']);
  expect(kept).toEqual([
    '1, 0 checks, 4 answers',
    '1, 2 checks, numbers only',
    '2, 0 checks, 4 answers',
    '2, 2 checks, numbers only',
  ]);
  expect(await store.loadMetrics('run-a')).toHaveLength(2);
});

it('draws the same prompts from kept data, leaving out those that are too long', async () => {
  const heldOut = Array.from({ length: 12 }, (_, i) => testExample(i === 4 ? 'x'.repeat(2000) : `h${i}`));
  const { config } = testRun({ evaluation: { every: 1, prompts: 5, answers: 1 } });
  const store = new MemoryStore();
  const run = testRun();
  await store.createRun(run);
  await keepRunData(store, run.runId, [testExample('t')], heldOut);
  const kept = await loadRunData(store, run.runId);
  expect(kept.train.map(({ promptId }) => promptId)).toEqual(['t']);
  const first = periodicPrompts(heldOut, config, characterText);
  expect(first).toHaveLength(5);
  expect(periodicPrompts(kept.heldOut, config, characterText)).toEqual(first);
  const all = periodicPrompts(heldOut, { ...config, evaluation: { every: 1, prompts: 50, answers: 1 } }, characterText);
  expect(all).toHaveLength(11);
  expect(
    periodicPrompts(heldOut, { ...config, evaluation: { every: 0, prompts: 5, answers: 1 } }, characterText),
  ).toEqual([]);
});
