import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'fake-indexeddb/auto';
import { METRICS, type MetricKey, type StepMetrics } from '../../domain/metrics/metrics';
import { recipeSchema } from '../../domain/recipe/recipe';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import type { RunSummary } from '../../domain/run';
import { openBrowserRunStore } from '../browserRunStore';
import { asDirectoryHandle, type MemoryFolder } from './testOpfs';

export const run = (runId: string, change: Partial<RunSummary> = {}): RunSummary => ({
  runId,
  name: 'a run',
  startedAt: '2026-11-24T05:00:00.000Z',
  status: 'running',
  modelName: 'tiny',
  modelId: 'abc',
  dataName: 'sample',
  step: 0,
  steps: 12,
  lastReward: null,
  config: recipeSchema.parse({}),
  checkpoints: [],
  ...change,
});
export const metrics = (step: number, reward = step / 10): StepMetrics => ({
  ...(Object.fromEntries(Object.keys(METRICS).map((key) => [key, null])) as Record<MetricKey, null>),
  step,
  reward,
});
export const rollout = (step: number, completion: string): RolloutRecord => ({
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
export const checkpoint = (step: number, fill = step) => ({
  step,
  parts: new Map([
    ['adapter', new Uint8Array(1000).fill(fill)],
    ['state.json', new TextEncoder().encode(`{"step":${step}}`)],
  ]),
});
export const about = { reward: 0.25 };

const folders: string[] = [];
/** A folder of the test's own, gone when the process ends. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runs-'));
  folders.push(folder);
  return folder;
}
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

let databases = 0;
export const browserOn = (root: MemoryFolder, name = `test-${databases++}`) =>
  openBrowserRunStore(asDirectoryHandle(root), name);
