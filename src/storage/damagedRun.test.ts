import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { StepMetrics } from '../domain/metrics/metrics';
import { testRun } from '../lab/test/testLab';
import { openFolderRunStore } from './folderRunStore';

const root = mkdtempSync(join(tmpdir(), 'autodidact-damaged-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const store = openFolderRunStore(root);
const at = (...path: string[]) => join(root, 'copy', ...path);
const metrics = { step: 1, reward: 0.5 } as unknown as StepMetrics;

beforeAll(async () => {
  await store.createRun(testRun());
  await store.appendStep('run-a', metrics, []);
  const parts = new Map([['part', Uint8Array.of(1, 2)]]);
  for (const step of [1, 2]) await store.saveCheckpoint('run-a', { step, parts }, { reward: 0.5 });
});
beforeEach(() => {
  rmSync(at(), { recursive: true, force: true });
  cpSync(join(root, 'run-a'), at(), { recursive: true });
});

it('goes by the folder’s name: a run that was copied or renamed is not the one it was copied from', async () => {
  expect(await store.loadRun('copy')).toMatchObject({ runId: 'copy', name: 'run-1', step: 1 });
  await store.updateRun('copy', { status: 'stopped' });
  expect((await store.loadRun('run-a'))!.status).toBe('running');
  expect((await store.listRuns()).map(({ runId }) => runId).sort()).toEqual(['copy', 'run-a']);
});

it.each([
  ['not JSON', '{', /run\.json is damaged: it is not JSON/],
  ['no run', '{}', /run\.json is damaged: name: /],
  ['after its end', JSON.stringify({ ...testRun(), step: 7, steps: 6 }), /step: is more than the steps of the run/],
  ['of no steps', JSON.stringify({ ...testRun(), step: 0, steps: 0 }), /run\.json is damaged: steps: /],
  ['of 1e300 steps', JSON.stringify({ ...testRun(), steps: 1e300 }), /run\.json is damaged: steps: /],
  ['of 2^40 steps', JSON.stringify({ ...testRun(), step: 2 ** 40, steps: 2 ** 40 }), /run\.json is damaged: step: /],
  ['no recipe', JSON.stringify({ ...testRun(), config: { steps: -1 } }), /run\.json is damaged: config\.steps: /],
])('says by name that run.json is %s', async (_, text, message) => {
  writeFileSync(at('run.json'), text);
  await expect(store.loadRun('copy')).rejects.toThrow(message);
});

it('says which line of which log cannot be read', async () => {
  writeFileSync(at('metrics.jsonl'), `${JSON.stringify(metrics)}\ngarbage\n`);
  await expect(store.loadMetrics('copy')).rejects.toThrow(/metrics\.jsonl line 2 is damaged: it is not JSON/);
  writeFileSync(at('rollouts', 'step-1.jsonl'), '{"x":\n');
  await expect(store.loadRollouts('copy', 1)).rejects.toThrow(/step-1\.jsonl line 1 is damaged/);
});

it('does not count a checkpoint that says nothing of itself', async () => {
  for (const text of [
    'garbage',
    '{"step": 2}',
    '{"step":99999999999,"savedAt":"","bytes":1,"reward":null,"parts":[]}',
  ]) {
    writeFileSync(at('checkpoints', 'step-2', 'about.json'), text);
    expect((await store.loadRun('copy'))!.checkpoints.map(({ step }) => step)).toEqual([1]);
    expect(await store.loadCheckpoint('copy', 2)).toBeNull();
  }
});

it('a run that was saved before checkpoints were pruned goes on without, a newer one by its recipe', async () => {
  const { keepLast: _, keepEvery: __, ...older } = testRun().config;
  writeFileSync(at('run.json'), JSON.stringify({ ...testRun(), config: older }));
  expect((await store.loadRun('copy'))!.config.keepLast).toBe(0);
  writeFileSync(at('run.json'), JSON.stringify({ ...testRun(), config: { ...older, keepLast: 4 } }));
  expect((await store.loadRun('copy'))!.config.keepLast).toBe(4);
});
