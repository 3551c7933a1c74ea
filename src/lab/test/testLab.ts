import type { StepMetrics } from '../../domain/metrics/metrics';
import type { ModelConfig } from '../../domain/model';
import { type RecipeInput, recipeSchema } from '../../domain/recipe/recipe';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import type { RunSummary } from '../../domain/run';
import type { WorkContext } from '../../domain/workContext';
import type { SavedEvaluation } from '../../evaluation/evaluations';
import type { DeviceLost, Gpu } from '../../gpu/gpu';
import type { LanguageModel, NamedTensor } from '../../model/languageModel';
import type { MicroBatch } from '../../model/microBatch';
import type { Notice } from '../../protocol/notices';
import { derive } from '../../random';
import { characterText, testExample } from '../../rl/test/testModel';
import type { RunCheckpoint, RunStore } from '../../storage/runStore';
import type { OpenModel } from '../models/openModel';
import type { OpenRun } from '../run/openRun';
import { Session } from '../run/session';

/** A run store in memory, for tests. `full` makes every write fail as a full disk does. */
export class MemoryStore implements RunStore {
  full: Error | undefined;
  readonly runs = new Map<string, RunSummary>();
  readonly steps = new Map<string, Map<number, { metrics: StepMetrics; rollouts: readonly RolloutRecord[] }>>();
  readonly checkpoints = new Map<string, Map<number, RunCheckpoint>>();
  readonly files = new Map<string, Uint8Array>();

  private write(): void {
    if (this.full) throw this.full;
  }
  private run(runId: string): RunSummary {
    const run = this.runs.get(runId);
    if (!run) throw new Error(`no run ${runId}`);
    return run;
  }

  async createRun(run: RunSummary) {
    this.runs.set(run.runId, { ...run, checkpoints: [] });
    this.steps.set(run.runId, new Map());
    this.checkpoints.set(run.runId, new Map());
  }
  async updateRun(runId: string, change: Partial<RunSummary>) {
    const run = { ...this.run(runId), ...change };
    this.runs.set(runId, run);
    return run;
  }
  async listRuns() {
    return [...this.runs.values()];
  }
  async loadRun(runId: string) {
    return this.runs.get(runId) ?? null;
  }
  async deleteRun(runId: string) {
    this.runs.delete(runId);
  }
  async appendStep(runId: string, metrics: StepMetrics, rollouts: readonly RolloutRecord[]) {
    this.write();
    this.steps.get(runId)!.set(metrics.step, { metrics, rollouts });
  }
  async updateStep(runId: string, metrics: StepMetrics) {
    this.write();
    const { rollouts } = this.steps.get(runId)!.get(metrics.step)!;
    this.steps.get(runId)!.set(metrics.step, { metrics, rollouts });
  }
  async loadMetrics(runId: string) {
    return [...this.steps.get(runId)!.values()].map(({ metrics }) => metrics).sort((a, b) => a.step - b.step);
  }
  async loadRollouts(runId: string, step: number) {
    return [...(this.steps.get(runId)!.get(step)?.rollouts ?? [])];
  }
  async rewind(runId: string, step: number) {
    for (const made of [...this.steps.get(runId)!.keys()]) if (made > step) this.steps.get(runId)!.delete(made);
    const kept = this.run(runId).checkpoints.filter((checkpoint) => checkpoint.step <= step);
    this.runs.set(runId, { ...this.run(runId), checkpoints: kept });
  }
  async saveCheckpoint(runId: string, checkpoint: RunCheckpoint, { reward }: { reward: number | null }) {
    this.write();
    this.checkpoints.get(runId)!.set(checkpoint.step, checkpoint);
    const summary = { step: checkpoint.step, savedAt: '2026-01-01T00:00:00Z', bytes: 1, reward };
    const others = this.run(runId).checkpoints.filter(({ step }) => step !== checkpoint.step);
    this.runs.set(runId, { ...this.run(runId), checkpoints: [...others, summary].sort((a, b) => a.step - b.step) });
    return summary;
  }
  async loadCheckpoint(runId: string, step: number) {
    return this.checkpoints.get(runId)?.get(step) ?? null;
  }
  async deleteCheckpoint(runId: string, step: number) {
    this.checkpoints.get(runId)!.delete(step);
  }
  async saveFile(runId: string, name: string, bytes: Uint8Array) {
    this.files.set(`${runId}/${name}`, bytes);
  }
  async loadFile(runId: string, name: string) {
    return this.files.get(`${runId}/${name}`) ?? null;
  }
  async appendLine(runId: string, name: string, value: unknown) {
    this.write();
    const line = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
    this.files.set(`${runId}/${name}`, Uint8Array.of(...((await this.loadFile(runId, name)) ?? []), ...line));
  }
  readonly evaluations = new Map<string, SavedEvaluation>();
  async saveEvaluation(kept: SavedEvaluation) {
    this.write();
    this.evaluations.set(kept.entry.id, kept);
  }
  async listEvaluations() {
    return [...this.evaluations.values()].map(({ entry }) => entry);
  }
  async loadEvaluation(id: string) {
    return this.evaluations.get(id) ?? null;
  }
  async deleteEvaluation(id: string) {
    this.evaluations.delete(id);
  }
}

/**
 * A model whose whole state is one number that every update changes; answers and verdicts follow from it and the seeds.
 */
export class FakeModel {
  state = 1;
  optimizerSteps = 0;
  /** The update after which the loss is NaN. */
  spoilAt = Number.POSITIVE_INFINITY;
  readonly config = { endTokens: [] } as unknown as ModelConfig;
  readonly contextLength = 4096;

  async generate(requests: readonly { seed: number }[], _: { adapter?: boolean }, { signal }: WorkContext = {}) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    signal?.throwIfAborted();
    return requests.map(({ seed }) => {
      const length = 1 + (derive(seed, this.state) % 5);
      const tokens = Array.from({ length }, (_, i) => 97 + (derive(seed, this.state, i) % 26));
      const logprobs = new Float32Array(length).fill(-1);
      return { tokens, logprobs, entropies: new Float32Array(length).fill(1), finish: 'stop' };
    });
  }
  async score(requests: readonly Int32Array[], candidates: readonly number[]) {
    return requests.map((tokens) =>
      Float32Array.from(candidates, (candidate) => -1 - (derive(this.state, ...tokens, candidate) % 100) / 100),
    );
  }
  async train(batches: readonly MicroBatch[]) {
    this.optimizerSteps++;
    this.state = derive(this.state, this.optimizerSteps, ...batches.flatMap(({ target }) => [...target]));
    const loss = this.optimizerSteps >= this.spoilAt ? Number.NaN : (this.state % 1000) / 1000;
    return { loss, gradNorm: 1, clipped: 0, kl: 0, entropy: 1, logprobDifference: 0, finite: !Number.isNaN(loss) };
  }
  readonly sizes = { sequence: 4096, batchRows: 4096 };
  async resetOptimizer() {
    this.optimizerSteps = 0;
  }
  async saveTrainable() {
    const data = new Float32Array(Uint32Array.of(this.state).buffer);
    const optimizer = new Uint8Array(Uint32Array.of(this.optimizerSteps).buffer);
    return { adapter: [{ name: 'state', shape: [1], data }] satisfies NamedTensor[], optimizer };
  }
  async loadTrainable({ adapter, optimizer }: { adapter: readonly NamedTensor[]; optimizer?: Uint8Array }) {
    this.state = new Uint32Array(adapter[0]!.data.slice().buffer)[0]!;
    this.optimizerSteps = new Uint32Array(optimizer!.slice().buffer)[0]!;
  }
}

export const testRun = (change: RecipeInput = {}, step = 0): RunSummary => {
  const grader = { mode: 'verdict' as const, template: '<<conversation>>?<<rubric_item>>' };
  const config = recipeSchema.parse({
    steps: 6,
    promptsPerStep: 2,
    groupSize: 2,
    checkpointEvery: 2,
    grader,
    ...change,
  });
  return {
    runId: 'run-a',
    name: 'run-1',
    startedAt: '2026-01-01T00:00:00Z',
    status: 'running',
    modelName: 'fake',
    modelId: 'fake-id',
    dataName: 'none',
    step,
    steps: config.steps,
    lastReward: null,
    config,
    checkpoints: [],
  };
};

/** A model as far as its identity goes. */
export const identity = (id: string): OpenModel =>
  ({ text: characterText, report: { id, name: id }, formerId: `former ${id}` }) as unknown as OpenModel;

/** A session over fakes, with everything that it said. */
export function testSession(
  run: RunSummary,
  store: RunStore,
  model = new FakeModel(),
  warmStart?: OpenRun['warmStart'],
) {
  const notices: Notice[] = [];
  const listeners = new Set<(notice: Notice) => void>();
  const closed = { times: 0 };
  let lose: (error: DeviceLost) => void = () => {};
  const gpu = { lost: new Promise<DeviceLost>((resolve) => (lose = resolve)) } as unknown as Gpu;
  const session = new Session({
    run,
    gpu,
    model: model as unknown as LanguageModel,
    opened: identity(run.modelId),
    examples: Array.from({ length: 5 }, (_, i) => testExample(`p${i}`)),
    periodicPrompts: Array.from({ length: 3 }, (_, i) => testExample(`held-out ${i}`)),
    store,
    teacher: null,
    notify: (notice) => {
      notices.push(notice);
      for (const listener of listeners) listener(notice);
    },
    ...(warmStart && { warmStart }),
    now: () => performance.now(),
    close: () => {
      closed.times++;
    },
  });
  /** Resolves with the next notice of a type. */
  const next = <T extends Notice['type']>(type: T) =>
    new Promise<Extract<Notice, { type: T }>>((resolve) => {
      const listener = (notice: Notice) => {
        if (notice.type !== type) return;
        listeners.delete(listener);
        resolve(notice as Extract<Notice, { type: T }>);
      };
      listeners.add(listener);
    });
  const of = <T extends Notice['type']>(type: T) =>
    notices.filter((notice): notice is Extract<Notice, { type: T }> => notice.type === type);
  return { session, model, notices, next, of, lose, closed };
}
