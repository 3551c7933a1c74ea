import { mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'fake-indexeddb/auto';
import { afterAll, describe, expect, it } from 'vitest';
import { METRICS, type MetricKey, type StepMetrics } from '../config/metrics';
import { runConfigSchema } from '../config/run';
import type { KeptEvaluation, RunSummary } from '../protocol';
import type { RolloutRecord } from '../rubric/rolloutRecord';
import { openBrowserRunStore } from './browserRunStore';
import { openFolderRunStore } from './folderRunStore';
import { checkName, type RunStore } from './runStore';
import { DiskFull } from './storageError';
import { asDirectoryHandle, type MemoryFile, MemoryFolder } from './testOpfs';

const run = (runId: string, change: Partial<RunSummary> = {}): RunSummary => ({
  runId,
  name: 'a run',
  startedAt: '2026-11-24T05:00:00.000Z',
  status: 'running',
  modelName: 'tiny',
  modelId: 'abc',
  dataName: 'sample',
  step: 0,
  steps: 10,
  lastReward: null,
  config: runConfigSchema.parse({}),
  checkpoints: [],
  ...change,
});
const metrics = (step: number, reward = step / 10): StepMetrics => ({
  ...(Object.fromEntries(Object.keys(METRICS).map((key) => [key, null])) as Record<MetricKey, null>),
  step,
  reward,
});
const rollout = (step: number, completion: string): RolloutRecord => ({
  step,
  group: 0,
  index: 0,
  promptId: 'p',
  prompt: [{ role: 'user', content: 'line\nbreak 🩺' }],
  completion,
  finish: 'stop',
  promptTokens: 3,
  completionTokens: 2,
  reward: 0.5,
  advantage: 0,
  trueReward: null,
  meanLogprob: -1,
  meanEntropy: 1,
  grader: 'self',
  criteria: [],
});
const checkpoint = (step: number, fill = step) => ({
  step,
  parts: new Map([
    ['adapter', new Uint8Array(1000).fill(fill)],
    ['state.json', new TextEncoder().encode(`{"step":${step}}`)],
  ]),
});
const about = { reward: 0.25 };

const folders: string[] = [];
async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'runs-'));
  folders.push(folder);
  return folder;
}
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});
let databases = 0;
const browserOn = (root: MemoryFolder, name = `test-${databases++}`) =>
  openBrowserRunStore(asDirectoryHandle(root), name);

const stores: [string, () => Promise<RunStore>][] = [
  ['folders', async () => openFolderRunStore(await temporary())],
  ['browser', () => browserOn(new MemoryFolder())],
];

describe.each(stores)('runs in %s', (_, open) => {
  it('are created, changed, listed newest first, and deleted with all that is theirs', async () => {
    const store = await open();
    await store.createRun(run('old', { startedAt: '2026-11-23T00:00:00.000Z' }));
    await store.createRun(run('new'));
    await expect(store.createRun(run('new'))).rejects.toThrow(/already a run new/);
    expect((await store.listRuns()).map(({ runId }) => runId)).toEqual(['new', 'old']);
    const changed = await store.updateRun('old', { status: 'paused', step: 3 });
    expect(changed).toEqual({ ...run('old', { startedAt: '2026-11-23T00:00:00.000Z' }), status: 'paused', step: 3 });
    expect(await store.loadRun('old')).toEqual(changed);
    expect(await store.loadRun('none')).toBeNull();

    await store.appendStep('old', metrics(1), [rollout(1, 'a')]);
    await store.saveCheckpoint('old', checkpoint(1), about);
    await store.saveFile('old', 'rows.jsonl', Uint8Array.of(1, 2));
    await store.deleteRun('old');
    expect((await store.listRuns()).map(({ runId }) => runId)).toEqual(['new']);
    expect(await store.loadMetrics('old')).toEqual([]);
    expect(await store.loadRollouts('old', 1)).toEqual([]);
    expect(await store.loadCheckpoint('old', 1)).toBeNull();
    expect(await store.loadFile('old', 'rows.jsonl')).toBeNull();
  });

  it('keep their steps apart and in order, and the summary with them', async () => {
    const store = await open();
    await store.createRun(run('a'));
    await store.createRun(run('ab'));
    for (const step of [1, 2, 3, 10, 11]) await store.appendStep('a', metrics(step), [rollout(step, `answer ${step}`)]);
    await store.appendStep('ab', metrics(1), []);
    expect((await store.loadMetrics('a')).map(({ step }) => step)).toEqual([1, 2, 3, 10, 11]);
    expect(await store.loadRollouts('a', 10)).toEqual([rollout(10, 'answer 10')]);
    expect(await store.loadRollouts('a', 4)).toEqual([]);
    expect(await store.loadRun('a')).toMatchObject({ step: 11, lastReward: 1.1 });
    await store.appendStep('a', metrics(3, 0.9), [rollout(3, 'again')]);
    expect((await store.loadMetrics('a'))[2]).toEqual(metrics(3, 0.9));
    expect(await store.loadRollouts('a', 3)).toEqual([rollout(3, 'again')]);
    expect((await store.loadMetrics('ab')).length).toBe(1);
  });

  it('keep checkpoints, replace those of the same step, and delete them', async () => {
    const store = await open();
    await store.createRun(run('a'));
    const saved = await store.saveCheckpoint('a', checkpoint(10), about);
    expect(saved).toMatchObject({ step: 10, bytes: 1011, reward: 0.25 });
    await store.saveCheckpoint('a', checkpoint(2), { reward: null });
    await store.saveCheckpoint('a', checkpoint(10, 77), about);
    expect((await store.loadRun('a'))?.checkpoints.map(({ step }) => step)).toEqual([2, 10]);
    expect(await store.loadCheckpoint('a', 10)).toEqual(checkpoint(10, 77));
    expect(await store.loadCheckpoint('a', 2)).toEqual(checkpoint(2));
    expect(await store.loadCheckpoint('a', 3)).toBeNull();
    await store.deleteCheckpoint('a', 10);
    expect(await store.loadCheckpoint('a', 10)).toBeNull();
    expect(await store.loadCheckpoint('a', 2)).toEqual(checkpoint(2));
  });

  it('rewind to a checkpoint', async () => {
    const store = await open();
    await store.createRun(run('a'));
    for (const step of [1, 2, 3, 4]) {
      await store.appendStep('a', metrics(step), [rollout(step, 'x')]);
      await store.saveCheckpoint('a', checkpoint(step), about);
    }
    await store.rewind('a', 2);
    expect((await store.loadMetrics('a')).map(({ step }) => step)).toEqual([1, 2]);
    expect(await store.loadRollouts('a', 3)).toEqual([]);
    expect(await store.loadRollouts('a', 2)).toHaveLength(1);
    expect((await store.loadRun('a'))?.checkpoints.map(({ step }) => step)).toEqual([1, 2]);
    expect(await store.loadCheckpoint('a', 2)).toEqual(checkpoint(2));
  });

  it('stand beside evaluations, which are listed newest first and need no run', async () => {
    const store = await open();
    const audit = (id: string, madeAt: string): KeptEvaluation => ({
      kind: 'audit',
      entry: { id, kind: 'audit', model: 'm', grader: 'g', data: 'd', madeAt, score: 0.5 },
      audit: {
        version: 1,
        kind: 'verdicts',
        file: 'f',
        reference: 'r',
        criteria: 0,
        graders: [],
        physicians: null,
        madeAt,
      },
    });
    const [old, young] = [audit('audit-1', '2026-01-01'), audit('audit-2', '2026-02-01')];
    await store.saveEvaluation(old);
    await store.saveEvaluation(young);
    expect(await store.listEvaluations()).toEqual([young.entry, old.entry]);
    expect(await store.loadEvaluation('audit-1')).toEqual(old);
    await store.deleteEvaluation('audit-1');
    expect(await store.loadEvaluation('audit-1')).toBeNull();
    expect(await store.listEvaluations()).toEqual([young.entry]);
    expect(await store.listRuns()).toEqual([]);
    await expect(store.saveEvaluation(audit('../x', ''))).rejects.toThrow(/cannot name/);
  });

  it('keep files, and name the run that is not there', async () => {
    const store = await open();
    await store.createRun(run('a'));
    await store.saveFile('a', 'rows.jsonl', Uint8Array.of(1, 2, 3));
    expect(await store.loadFile('a', 'rows.jsonl')).toEqual(Uint8Array.of(1, 2, 3));
    expect(await store.loadFile('a', 'other')).toBeNull();
    await expect(store.appendStep('b', metrics(1), [])).rejects.toThrow(/no run b/);
    await expect(store.updateRun('b', {})).rejects.toThrow(/no run b/);
    await expect(store.saveCheckpoint('b', checkpoint(1), about)).rejects.toThrow(/no run b/);
    await expect(store.createRun(run('../b'))).rejects.toThrow(/cannot name a run/);
    const parts = new Map([['../../evil', new Uint8Array(1)]]);
    await expect(store.saveCheckpoint('a', { step: 1, parts }, about)).rejects.toThrow(/cannot name/);
    expect(await store.loadCheckpoint('a', 1)).toBeNull();
  });
});

it('allows plain names only', () => {
  for (const name of ['a', 'run 1', 'state.json', 'ü-2']) expect(checkName(name)).toBe(name);
  for (const name of ['', '.', '..', '.a', 'a/b', 'a\\b', 'a\0', 'x'.repeat(201)])
    expect(() => checkName(name)).toThrow();
});

describe('in folders, when the process died', () => {
  it('a checkpoint that was being written does not exist', async () => {
    const root = await temporary();
    const store = openFolderRunStore(root);
    await store.createRun(run('a'));
    await store.saveCheckpoint('a', checkpoint(1), about);
    await mkdir(join(root, 'a/checkpoints/.new-step-2'));
    await writeFile(join(root, 'a/checkpoints/.new-step-2/adapter'), 'half');
    expect((await store.loadRun('a'))?.checkpoints.map(({ step }) => step)).toEqual([1]);
    expect(await store.loadCheckpoint('a', 2)).toBeNull();
    await store.saveCheckpoint('a', checkpoint(2), about);
    expect(await readdir(join(root, 'a/checkpoints'))).toEqual(['step-1', 'step-2']);
  });

  it('one that was being replaced is the old one', async () => {
    const root = await temporary();
    const store = openFolderRunStore(root);
    await store.createRun(run('a'));
    await store.saveCheckpoint('a', checkpoint(1), about);
    await rename(join(root, 'a/checkpoints/step-1'), join(root, 'a/checkpoints/.old-step-1'));
    expect(await store.loadCheckpoint('a', 1)).toEqual(checkpoint(1));
  });

  it('one that lost bytes does not load, and a line cut short is no step', async () => {
    const root = await temporary();
    const store = openFolderRunStore(root);
    await store.createRun(run('a'));
    await store.saveCheckpoint('a', checkpoint(1), about);
    await truncate(join(root, 'a/checkpoints/step-1/adapter'), 500);
    expect(await store.loadCheckpoint('a', 1)).toBeNull();
    await store.appendStep('a', metrics(1), []);
    await writeFile(join(root, 'a/metrics.jsonl'), `${await readFile(join(root, 'a/metrics.jsonl'))}{"step":2,"rew`);
    expect(await store.loadMetrics('a')).toEqual([metrics(1)]);
  });

  it('the folder holds what the command line promises', async () => {
    const root = await temporary();
    const store = openFolderRunStore(root);
    await store.createRun(run('a'));
    await store.appendStep('a', metrics(1), [rollout(1, 'x')]);
    await store.saveCheckpoint('a', checkpoint(1), about);
    expect(await readdir(join(root, 'a'))).toEqual([
      'checkpoints',
      'config.json',
      'metrics.jsonl',
      'rollouts',
      'run.json',
    ]);
    expect(await readdir(join(root, 'a/rollouts'))).toEqual(['step-1.jsonl']);
    expect(await readdir(join(root, 'a/checkpoints/step-1'))).toEqual(['about.json', 'adapter', 'state.json']);
    expect(JSON.parse(await readFile(join(root, 'a/config.json'), 'utf8'))).toEqual(run('a').config);
  });
});

describe('in the browser', () => {
  it('a full disk is said so, and the last whole checkpoint stays', async () => {
    const disk = { free: 1500 };
    const root = new MemoryFolder(disk);
    const store = await browserOn(root);
    await store.createRun(run('a'));
    await store.saveCheckpoint('a', checkpoint(1), about);
    await expect(store.saveCheckpoint('a', checkpoint(1, 9), about)).rejects.toBeInstanceOf(DiskFull);
    await expect(store.saveCheckpoint('a', checkpoint(2), about)).rejects.toThrow(/No room to store adapter/);
    expect(await store.loadCheckpoint('a', 1)).toEqual(checkpoint(1));
    expect(await store.loadCheckpoint('a', 2)).toBeNull();
    const folder = await (await root.getDirectoryHandle('runs')).getDirectoryHandle('a');
    expect(folder.entries_.size).toBe(1);
    disk.free = 5000;
    await store.saveCheckpoint('a', checkpoint(2), about);
    expect(await store.loadCheckpoint('a', 2)).toEqual(checkpoint(2));
  });

  it('files without a record are no checkpoint and are swept; a record without its files neither', async () => {
    const root = new MemoryFolder();
    const store = await browserOn(root);
    await store.createRun(run('a'));
    await store.saveCheckpoint('a', checkpoint(1), about);
    const folder = await (await root.getDirectoryHandle('runs')).getDirectoryHandle('a');
    const begun = await folder.getDirectoryHandle('2-died', { create: true });
    await begun.getFileHandle('adapter', { create: true });
    expect(await store.loadCheckpoint('a', 2)).toBeNull();
    await store.saveCheckpoint('a', checkpoint(3), about);
    expect([...folder.entries_.keys()].map((name) => name.split('-')[0])).toEqual(['1', '3']);
    const [first] = [...folder.entries_.values()] as MemoryFolder[];
    const adapter = first!.entries_.get('adapter') as MemoryFile;
    adapter.bytes = adapter.bytes.slice(0, 10);
    expect(await store.loadCheckpoint('a', 1)).toBeNull();
  });

  it('another connection sees everything after a reload', async () => {
    const root = new MemoryFolder();
    const first = await browserOn(root, 'reload');
    await first.createRun(run('a'));
    await first.appendStep('a', metrics(1), [rollout(1, 'x')]);
    await first.saveCheckpoint('a', checkpoint(1), about);
    const second = await browserOn(root, 'reload');
    expect(await second.loadCheckpoint('a', 1)).toEqual(checkpoint(1));
    expect(await second.loadMetrics('a')).toEqual([metrics(1)]);
  });
});
