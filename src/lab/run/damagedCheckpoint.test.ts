import { expect, it } from 'vitest';
import { newestCheckpoint } from '../../domain/run';
import { DamagedCheckpoint } from '../../storage/storageError';
import { testRun } from '../test/testLab';
import { loadedCheckpoint } from './checkpointState';

const checkpoints = [2, 4, 6].map((step) => ({ step, savedAt: '', bytes: 1, reward: null }));
const run = { ...testRun(), checkpoints };
const store = (damaged: readonly number[]) => ({
  loadCheckpoint: async (runId: string, step: number) => {
    if (damaged.includes(step)) throw new DamagedCheckpoint(runId, step, 'its part optimizer is missing');
    return { step, parts: new Map<string, Uint8Array>() };
  },
});

it('names the damaged checkpoint that a run was to go on from, and offers the newest whole one', async () => {
  await expect(loadedCheckpoint(store([6, 4]), run, 6)).rejects.toMatchObject({
    message: 'The checkpoint of step 6 is damaged: its part optimizer is missing.',
    advice: 'Continue from step 2: that checkpoint is the newest whole one.',
  });
  await expect(loadedCheckpoint(store([2, 4, 6]), run, 6)).rejects.toMatchObject({
    advice: 'No checkpoint of the run is whole: delete them, and start it anew.',
  });
  expect((await loadedCheckpoint(store([6]), run, 4))!.step).toBe(4);
  const [first, ...later] = checkpoints;
  const seen = { checkpoints: [first!, ...later.map((kept) => ({ ...kept, damaged: 'why' }))] };
  expect(newestCheckpoint(seen)!.step).toBe(2);
});
