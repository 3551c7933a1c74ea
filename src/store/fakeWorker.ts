import { type RunConfig, runConfigSchema } from '../config/run';
import type { Command, Failure, Notice, RunSummary, WorkPhase } from '../protocol';
import { fakeMetrics, fakeRollouts } from './fakeRun';

const STEP_MS = 900;

/** Stands in for the worker in `vite --mode fake` and in tests: the same protocol, invented numbers, no GPU. */
export function fakeWorker(stepMs = STEP_MS) {
  const listeners: ((event: MessageEvent) => void)[] = [];
  const say = (notice: Notice) => {
    for (const listener of listeners) listener({ data: notice } as MessageEvent);
  };
  let runs: RunSummary[] = [];
  let run: RunSummary | undefined;
  let paused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const update = (change: Partial<RunSummary>) => {
    run = { ...run!, ...change };
    runs = [run, ...runs.filter(({ runId }) => runId !== run!.runId)];
  };
  const save = () => {
    const checkpoint = {
      step: run!.step,
      savedAt: new Date().toISOString(),
      bytes: 1_840_000,
      reward: run!.lastReward,
    };
    update({ checkpoints: [...run!.checkpoints.filter(({ step }) => step !== checkpoint.step), checkpoint] });
    say({ type: 'checkpointSaved', runId: run!.runId, checkpoint });
  };
  const end = (status: RunSummary['status']) => {
    clearTimeout(timer);
    save();
    update({ status });
    say({ type: 'ended', run: run! });
    run = undefined;
  };

  function step(once: boolean): void {
    const { runId, config } = run!;
    const number = run!.step + 1;
    const parts: [WorkPhase, string, number][] = [
      ['rollout', 'Writing answers', config.promptsPerStep * config.groupSize],
      ['grade', 'Grading answers', config.promptsPerStep * config.groupSize],
      ['update', 'Learning', 4],
    ];
    const ticks = parts.flatMap(([phase, label, total]) =>
      [0.25, 0.6, 1].map((share) => ({ phase, label, done: Math.round(share * total), total })),
    );
    const tick = (i: number): void => {
      if (i < ticks.length) {
        say({ type: 'progress', ...ticks[i]!, secondsLeft: 2, step: number });
        timer = setTimeout(tick, stepMs / ticks.length, i + 1);
        return;
      }
      const metrics = fakeMetrics(number);
      update({ step: number, lastReward: metrics.reward });
      say({ type: 'step', runId, metrics, secondsLeft: (config.steps - number) * 3.1 });
      if (number >= config.steps) end('finished');
      else if (once || paused) pauseNow();
      else {
        if (config.checkpointEvery > 0 && number % config.checkpointEvery === 0) save();
        step(false);
      }
    };
    tick(0);
  }
  function pauseNow(): void {
    paused = true;
    update({ status: 'paused' });
    save();
    say({ type: 'paused', runId: run!.runId, step: run!.step });
  }
  function begin(config: RunConfig, from?: RunSummary): void {
    paused = false;
    run = from ?? {
      runId: `run-${runs.length + 1}`,
      name: `run-${runs.length + 1}`,
      startedAt: new Date().toISOString(),
      status: 'running',
      modelName: 'Built-in tiny',
      modelId: 'tiny',
      dataName: 'Built-in sample',
      step: 0,
      steps: config.steps,
      lastReward: null,
      config,
      checkpoints: [],
    };
    update({ status: 'running' });
    say({ type: 'started', run });
    step(false);
  }

  const receive = (command: Command): unknown => {
    switch (command.type) {
      case 'openModel':
        return command.source.kind === 'files' && command.source.files.every(({ name }) => !name.endsWith('.gguf'))
          ? say({ type: 'failed', failure: fakeFailure('badModel') })
          : say({ type: 'modelOpened', model: FAKE_MODEL });
      case 'openData':
        return say({ type: 'dataOpened', data: FAKE_DATA });
      case 'plan':
        return say({ type: 'planned', plan: FAKE_PLAN });
      case 'start':
        return begin(command.config);
      case 'pause':
        paused = true;
        return undefined;
      case 'resume':
        paused = false;
        say({ type: 'resumed', runId: run!.runId });
        return step(false);
      case 'stepOnce':
        say({ type: 'resumed', runId: run!.runId });
        return step(true);
      case 'stop':
        return end('stopped');
      case 'saveCheckpoint':
        return save();
      case 'listRuns':
        return say({ type: 'runs', runs });
      case 'openRun': {
        const kept = runs.find(({ runId }) => runId === command.runId)!;
        const metrics = Array.from({ length: kept.step }, (_, i) => fakeMetrics(i + 1));
        return say({ type: 'runOpened', run: kept, metrics });
      }
      case 'deleteRun':
        runs = runs.filter(({ runId }) => runId !== command.runId);
        return say({ type: 'runs', runs });
      case 'continueRun': {
        const kept = runs.find(({ runId }) => runId === command.runId)!;
        return begin(kept.config, { ...kept, step: command.checkpointStep });
      }
      case 'deleteCheckpoint':
        runs = runs.map((kept) =>
          kept.runId === command.runId
            ? { ...kept, checkpoints: kept.checkpoints.filter((c) => c.step !== command.step) }
            : kept,
        );
        return say({ type: 'runs', runs });
      case 'listModels':
      case 'deleteModel':
        return say({ type: 'models', models: command.type === 'listModels' ? [FAKE_COPY] : [] });
      case 'loadRollouts': {
        const config = runs.find(({ runId }) => runId === command.runId)?.config ?? runConfigSchema.parse({});
        const rollouts = fakeRollouts(command.step, config.promptsPerStep, config.groupSize);
        return say({ type: 'rollouts', runId: command.runId, step: command.step, rollouts });
      }
      case 'export':
        return say({ type: 'exported', name: `${command.runId}-${command.kind}.txt`, file: new Blob(['a fake']) });
    }
  };

  return {
    postMessage: (message: unknown) => void setTimeout(() => receive(message as Command), 30),
    addEventListener: (_: 'message', listener: (event: MessageEvent) => void) => {
      listeners.push(listener);
      setTimeout(() => listener({ data: { type: 'device', device: FAKE_DEVICE } } as MessageEvent), 30);
    },
  };
}

const fakeFailure = (kind: Failure['kind']): Failure => ({
  kind,
  message: 'This is not a model: config.json names no architecture.',
  advice: 'Drop the whole folder of a Llama or Qwen3 checkpoint, or a GGUF file.',
  details: 'architectures: []',
  runId: null,
});

const FAKE_DEVICE = {
  name: 'Example adapter',
  backend: 'WebGPU',
  software: false,
  f16: true,
  subgroups: true,
  maxBufferBytes: 4 * 2 ** 30,
  maxBindingBytes: 2 ** 31 - 4,
  maxWorkgroupInvocations: 1024,
};

const FAKE_MODEL = {
  name: 'Built-in tiny',
  id: 'tiny',
  parameters: 1_840_000,
  weightFormat: 'bf16',
  bytes: 3_680_000,
  adapter: null,
  config: {
    architecture: 'llama' as const,
    vocabulary: 2048,
    channels: 192,
    layers: 4,
    heads: 6,
    keyValueHeads: 2,
    headSize: 32,
    hidden: 512,
    ropeTheta: 10000,
    rmsNormEps: 1e-5,
    tiedHead: true,
    contextLength: 512,
    endTokens: [0],
  },
};

const FAKE_COPY = { id: 'q', name: 'Qwen3-0.6B', keptAt: '2026-11-20T09:00:00Z', bytes: 1_503_300_328, inUse: false };

const FAKE_DATA = {
  name: 'Built-in sample',
  kind: 'sample' as const,
  rows: 400,
  good: 397,
  criteria: 1985,
  negativeCriteria: 620,
  problems: [
    { line: 17, file: 'sample.jsonl', reason: 'not JSON: unexpected end of the line' },
    { line: 230, file: 'sample.jsonl', reason: 'no criterion with positive points' },
    { line: 231, file: 'sample.jsonl', reason: 'prompt_id appears before, on line 12' },
  ],
  themes: [
    { theme: 'emergency_referrals', rows: 120 },
    { theme: 'hedging', rows: 90 },
    { theme: 'context_seeking', rows: 187 },
  ],
  split: { train: 357, heldOut: 40, how: 'by seed' },
  warmStart: { idealCompletions: 0, judged: 0 },
  preview: [
    {
      promptId: 'world-1',
      lastMessage: 'I have been standing in the sun all morning and now I feel dizzy. What should I do?',
      criteria: 5,
    },
    { promptId: 'world-2', lastMessage: 'My child has had a cough since yesterday. Is this serious?', criteria: 6 },
    { promptId: 'world-3', lastMessage: 'Can I take two of these pills at once?', criteria: 4 },
  ],
};

const FAKE_PLAN = {
  parts: [
    { name: 'weights' as const, bytes: 7.4e6 },
    { name: 'adapter and optimizer' as const, bytes: 4.2e6 },
    { name: 'KV cache' as const, bytes: 25e6 },
    { name: 'activations' as const, bytes: 61e6 },
    { name: 'head' as const, bytes: 16e6 },
    { name: 'other' as const, bytes: 2e6 },
  ],
  bytes: 115.6e6,
  largestBufferBytes: 25e6,
  fits: true,
  savings: [],
};
