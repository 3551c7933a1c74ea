import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openClient } from '../../protocol/client';
import type { Notice } from '../../protocol/notices';
import type { Handlers } from '../../protocol/port';
import type { ComparisonEvent } from '../../protocol/requests';
import { presetConfig } from '../setup/recipe/recipeStore';
import { fakeWorker } from './fakeWorker';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function connected() {
  const seen: Notice[] = [];
  const handlers = new Proxy({}, { get: () => (notice: Notice) => void seen.push(notice) }) as Handlers<Notice>;
  const { call } = openClient(fakeWorker(60), handlers);
  /** Resolves with the reply, which comes a moment later. */
  const ask: typeof call = async (...given) => {
    const reply = call(...given);
    await vi.advanceTimersByTimeAsync(40);
    return reply;
  };
  return { seen, call, ask };
}

it('plays a run the way the protocol says', async () => {
  const { seen, call } = connected();
  const types = () => seen.map(({ type }) => type).filter((type) => type !== 'progress');
  const started = call({ type: 'start', config: { ...presetConfig('demo'), steps: 3, checkpointEvery: 1 } });
  await vi.advanceTimersByTimeAsync(95);
  expect(await started).toMatchObject({ runId: 'run-1', status: 'running' });
  void call({ type: 'pause' });
  await vi.advanceTimersByTimeAsync(200);
  expect(types().slice(0, 3)).toEqual(['device', 'started', 'liveStep']);
  expect(types()).toContain('step');
  expect(types().at(-1)).toBe('paused');
  void call({ type: 'resume' });
  await vi.advanceTimersByTimeAsync(800);
  expect(types().at(-1)).toBe('ended');
  expect(seen.filter(({ type }) => type === 'step')).toHaveLength(3);
});

it('has verdicts of a run to review, and saves the opinions on them', async () => {
  const { ask } = connected();
  await ask({ type: 'start', config: { ...presetConfig('demo'), steps: 2 } });
  await vi.advanceTimersByTimeAsync(800);
  const first = await ask({ type: 'openReview', runId: 'run-1', count: 5 });
  expect(first).toMatchObject({ opinions: [] });
  expect(new Set(first.items.map(({ id }) => id)).size).toBe(5);
  const opinion = { item: first.items[0]!, opinion: 'agree', comment: '', at: '2026-01-01T00:00:00Z' } as const;
  await ask({ type: 'saveOpinion', runId: 'run-1', opinion });
  const again = await ask({ type: 'openReview', runId: 'run-1', count: 5 });
  expect(again.opinions).toEqual([opinion]);
  expect(again.items.map(({ id }) => id)).not.toContain(opinion.item.id);
});

it('compares two answers, grades both, and stops when the call is cancelled', async () => {
  const { call, ask } = connected();
  const request = {
    runId: 'run-1',
    step: 1,
    prompt: { kind: 'example', split: 'heldOut', promptId: 'world-2' },
    grader: 'frozen',
    mode: 'verdict',
    maxNewTokens: 64,
    seed: 1,
    first: 'checkpoint',
  } as const;
  const examples = await ask({ type: 'listExamples', runId: 'run-1', split: 'heldOut' });
  expect(examples[1]!.promptId).toBe('world-2');
  const events: ComparisonEvent[] = [];
  const onProgress = (event: object) => void events.push(event as ComparisonEvent);
  const done = call({ type: 'compare', request }, { onProgress });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await done).toBeUndefined();
  const [prompt] = events;
  const texts = events.filter((event) => event.type === 'text');
  expect(texts[0]).toMatchObject({ side: 'checkpoint', finish: null });
  expect(texts.filter(({ finish }) => finish !== null)).toHaveLength(2);
  const rubrics = prompt!.type === 'prompt' ? prompt!.example.rubrics.length : 0;
  expect(events.filter(({ type }) => type === 'verdict')).toHaveLength(2 * rubrics);

  const abort = new AbortController();
  const stopped = expect(call({ type: 'compare', request }, { signal: abort.signal })).rejects.toThrow(/cancelled/);
  await vi.advanceTimersByTimeAsync(300);
  abort.abort();
  await vi.advanceTimersByTimeAsync(20_000);
  await stopped;
});
