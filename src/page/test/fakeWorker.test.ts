import { expect, it, vi } from 'vitest';
import type { Command, Notice } from '../../protocol/protocol';
import { presetConfig } from '../setup/recipe/recipeStore';
import { fakeWorker } from './fakeWorker';

it('plays a run the way the protocol says', async () => {
  vi.useFakeTimers();
  const worker = fakeWorker(60);
  const seen: Notice[] = [];
  worker.addEventListener('message', ({ data }) => seen.push(data as Notice));
  const types = () => seen.map(({ type }) => type).filter((type) => type !== 'progress');

  worker.postMessage({ type: 'start', config: { ...presetConfig('demo'), steps: 3, checkpointEvery: 1 } });
  await vi.advanceTimersByTimeAsync(95);
  worker.postMessage({ type: 'pause' });
  await vi.advanceTimersByTimeAsync(200);
  expect(types().slice(0, 3)).toEqual(['device', 'started', 'liveStep']);
  expect(types()).toContain('step');
  expect(types().at(-1)).toBe('paused');
  worker.postMessage({ type: 'resume' });
  await vi.advanceTimersByTimeAsync(800);
  expect(types().at(-1)).toBe('ended');
  expect(seen.filter(({ type }) => type === 'step')).toHaveLength(3);
  vi.useRealTimers();
});

it('has verdicts of a run to judge, and keeps what is said of them', async () => {
  vi.useFakeTimers();
  const worker = fakeWorker(60);
  const seen: Notice[] = [];
  worker.addEventListener('message', ({ data }) => seen.push(data as Notice));
  const ask = async (command: Command): Promise<Extract<Notice, { type: 'review' }>> => {
    worker.postMessage(command);
    await vi.advanceTimersByTimeAsync(40);
    return seen.at(-1) as Extract<Notice, { type: 'review' }>;
  };
  worker.postMessage({ type: 'start', config: { ...presetConfig('demo'), steps: 2 } });
  await vi.advanceTimersByTimeAsync(800);

  const first = await ask({ type: 'openReview', runId: 'run-1', count: 5 });
  expect(first).toMatchObject({ type: 'review', runId: 'run-1', opinions: [] });
  expect(new Set(first.items.map(({ id }) => id)).size).toBe(5);
  const opinion = { item: first.items[0]!, opinion: 'agree', comment: '', at: '2026-01-01T00:00:00Z' } as const;
  await ask({ type: 'keepOpinion', runId: 'run-1', opinion });
  const again = await ask({ type: 'openReview', runId: 'run-1', count: 5 });
  expect(again.opinions).toEqual([opinion]);
  expect(again.items.map(({ id }) => id)).not.toContain(opinion.item.id);
  vi.useRealTimers();
});

it('answers side by side, grades both, and stops when asked', async () => {
  vi.useFakeTimers();
  const worker = fakeWorker(60);
  const seen: Notice[] = [];
  worker.addEventListener('message', ({ data }) => seen.push(data as Notice));
  const of = <T extends Notice['type']>(type: T) =>
    seen.filter((notice): notice is Extract<Notice, { type: T }> => notice.type === type);
  const ask = (id: string): Command => ({
    type: 'answerSides',
    request: {
      id,
      runId: 'run-1',
      step: 1,
      question: { kind: 'example', split: 'heldOut', promptId: 'world-2' },
      grader: 'frozen',
      mode: 'verdict',
      maxNewTokens: 64,
      seed: 1,
      first: 'checkpoint',
    },
  });
  worker.postMessage({ type: 'listExamples', runId: 'run-1', split: 'heldOut' } satisfies Command);
  worker.postMessage(ask('a'));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(of('examples')[0]!.examples[1]!.promptId).toBe('world-2');
  expect(of('sidesText')[0]).toMatchObject({ id: 'a', side: 'checkpoint', finish: null });
  expect(of('sidesText').filter(({ finish }) => finish !== null)).toHaveLength(2);
  expect(of('sidesVerdict')).toHaveLength(2 * of('sidesAsked')[0]!.example.rubrics.length);
  worker.postMessage(ask('b'));
  await vi.advanceTimersByTimeAsync(300);
  worker.postMessage({ type: 'stopSides' } satisfies Command);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(of('sidesEnded')).toMatchObject([
    { id: 'a', how: 'done' },
    { id: 'b', how: 'stopped' },
  ]);
  vi.useRealTimers();
});
