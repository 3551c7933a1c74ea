import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { cliFolder } from './test/cliRun';

// The tests' device, which ends with them.
vi.mock('./dawn', async () => ({ openDawn: (await import('../../gpu/test/testGpu')).testGpu }));

it('reports a damaged checkpoint and continues from the newest complete one, or from --step', async () => {
  const { at, train } = await cliFolder({ steps: 3, checkpointEvery: 1, keepLast: 0 });
  expect(await train()).toMatchObject({ code: 0, error: null });
  const part = at('run/checkpoints/step-3/optimizer');
  const bytes = readFileSync(part);
  bytes[100]! ^= 1;
  writeFileSync(part, bytes);

  const damaged = await train('--resume', '--step', '3', '--steps', '4');
  expect(damaged.error).toMatchObject({ name: 'DamagedCheckpoint', message: expect.stringMatching(/step 3/) });
  const resumed = await train('--resume', '--steps', '4');
  expect(resumed).toMatchObject({ code: 0, error: null });
  expect(resumed.err).toContain(
    'The checkpoint of step 3 is damaged: its part optimizer has other bytes than were saved.\n' +
      'using the checkpoint of step 2\ncontinuing after step 2 ',
  );
  expect(readFileSync(at('run/metrics.jsonl'), 'utf8').trim().split('\n')).toHaveLength(4);

  const earlier = await train('--resume', '--step', '1', '--steps', '2');
  expect(earlier.err).toContain('continuing after step 1 ');
  expect(earlier.out).toContain('finished after step 2 of 2');
  expect(existsSync(at('run/checkpoints/step-3'))).toBe(false);
  expect((await train('--resume', '--step', '7')).error!.message).toBe(
    'run has no checkpoint of step 7; saved steps: 1, 2',
  );
});

it('refuses to continue on a model of which one bit differs, with both identities', async () => {
  const { at, train } = await cliFolder({ steps: 2, checkpointEvery: 1 });
  expect(await train('--steps', '1')).toMatchObject({ code: 0, error: null });
  const weights = at('model/model.safetensors');
  const bytes = readFileSync(weights);
  bytes[bytes.length - 2]! ^= 1;
  writeFileSync(weights, bytes);
  const { error } = await train('--resume', '--steps', '2');
  expect(error?.message).toMatch(/^This run started from model \(w-\w{8}\); model \(w-\w{8}\) is another model\.$/);
  expect(readFileSync(at('run/metrics.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1);
});
