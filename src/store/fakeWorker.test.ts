import { expect, it, vi } from 'vitest';
import type { Notice } from '../protocol';
import { fakeWorker } from './fakeWorker';
import { presetConfig } from './recipeStore';

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
  expect(types().slice(0, 3)).toEqual(['device', 'started', 'step']);
  expect(types().at(-1)).toBe('paused');
  worker.postMessage({ type: 'resume' });
  await vi.advanceTimersByTimeAsync(800);
  expect(types().at(-1)).toBe('ended');
  expect(seen.filter(({ type }) => type === 'step')).toHaveLength(3);
  vi.useRealTimers();
});
