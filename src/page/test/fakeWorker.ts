import type { Failure } from '../../domain/failure';
import { type Recipe, recipeSchema } from '../../domain/recipe/recipe';
import type { RunSummary } from '../../domain/run';
import type { Command, Notice, WorkPhase } from '../../protocol/protocol';
import { FakeComparison } from './fakeComparison';
import { fakeLiveStep } from './fakeLiveStep';
import { FAKE_COPY, FAKE_DATA, FAKE_DEVICE, FAKE_MODEL, FAKE_PLAN, fakeFiltered } from './fakeReports';
import { FakeReview } from './fakeReview';
import { fakeMetrics, fakeRollouts } from './fakeRun';

const STEP_MS = 900;

/** Stands in for the worker in `vite --mode fake` and in tests: the same protocol, invented numbers, no GPU. */
export function fakeWorker(stepMs = STEP_MS) {
  const listeners: ((event: MessageEvent) => void)[] = [];
  const say = (notice: Notice) => {
    for (const listener of listeners) listener({ data: notice } as MessageEvent);
  };
  const sides = new FakeComparison(say);
  let runs: RunSummary[] = [];
  let run: RunSummary | undefined;
  let paused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const review = new FakeReview();

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
    const live = fakeLiveStep(runId, number, config, ticks.length);
    const tick = (i: number): void => {
      if (i < ticks.length) {
        for (const notice of live[i]!) say(notice);
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
  function begin(config: Recipe, from?: RunSummary): void {
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
        say({ type: 'dataReported', data: fakeFiltered(command.config.filter) });
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
        return say({ type: 'runOpened', run: kept, metrics, warmStart: [] });
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
        const config = runs.find(({ runId }) => runId === command.runId)?.config ?? recipeSchema.parse({});
        const rollouts = fakeRollouts(command.step, config.promptsPerStep, config.groupSize);
        return say({ type: 'rollouts', runId: command.runId, step: command.step, rollouts });
      }
      case 'openReview': {
        const kept = runs.find(({ runId }) => runId === command.runId);
        return say(review.open(command.runId, kept?.step ?? 0, command.count));
      }
      case 'keepOpinion':
        return review.keep(command.runId, command.opinion);
      case 'listExamples':
        return sides.list(command.runId, command.split);
      case 'answerSides':
        return sides.answer(command.request);
      case 'stopSides':
        return sides.stop();
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
