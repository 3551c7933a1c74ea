import type { Failure } from '../../domain/failure';
import { type Recipe, recipeSchema } from '../../domain/recipe/recipe';
import type { RunSummary } from '../../domain/run';
import { CallFailed } from '../../protocol/client';
import type { Endpoint } from '../../protocol/port';
import type { WorkPhase } from '../../protocol/requests';
import { openServer, type RequestHandlers } from '../../protocol/server';
import { endpointPair } from '../../protocol/test/endpointPair';
import { failureOf } from '../connection/showFailure';
import { fakeComparison, fakeExamples } from './fakeComparison';
import { fakeLiveStep } from './fakeLiveStep';
import { FAKE_COPY, FAKE_DATA, FAKE_DEVICE, FAKE_MODEL, FAKE_PLAN, fakeFiltered } from './fakeReports';
import { FakeReview } from './fakeReview';
import { fakeMetrics, fakeRollouts } from './fakeRun';

const STEP_MS = 900;
const REPLY_MS = 30;

/** Stands in for the worker in `vite --mode fake` and in tests: the same protocol, invented numbers, no GPU. */
export function fakeWorker(stepMs = STEP_MS): Endpoint {
  const [page, worker] = endpointPair();
  const { notify, answer } = openServer(worker, failureOf);
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
    notify({ type: 'checkpointSaved', deleted: [], runId: run!.runId, checkpoint });
  };
  const end = (status: RunSummary['status']) => {
    clearTimeout(timer);
    save();
    update({ status });
    notify({ type: 'ended', run: run! });
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
        for (const notice of live[i]!) notify(notice);
        notify({ type: 'progress', ...ticks[i]!, secondsLeft: 2, step: number });
        timer = setTimeout(tick, stepMs / ticks.length, i + 1);
        return;
      }
      const metrics = fakeMetrics(number);
      update({ step: number, lastReward: metrics.reward });
      notify({ type: 'step', runId, metrics, secondsLeft: (config.steps - number) * 3.1 });
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
    notify({ type: 'paused', runId: run!.runId, step: run!.step });
  }
  function begin(config: Recipe, from?: RunSummary): RunSummary {
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
    const metrics = stepsOf(run);
    notify({ type: 'started', run, metrics, warmStart: [] });
    step(false);
    return run;
  }

  const savedRun = (wanted: string) => runs.find(({ runId }) => runId === wanted)!;
  const stepsOf = ({ step }: RunSummary) => Array.from({ length: step }, (_, i) => fakeMetrics(i + 1));

  const handlers: RequestHandlers = {
    openModel: ({ source }) => {
      if (source.kind === 'files' && source.files.every(({ name }) => !name.endsWith('.gguf')))
        throw new CallFailed(NO_MODEL);
      return FAKE_MODEL;
    },
    openData: () => FAKE_DATA,
    openTeacher: ({ teacher }) => ({ config: teacher, detail: 'a fake' }),
    plan: ({ config }) => ({ plan: FAKE_PLAN, data: fakeFiltered(config.filter) }),
    start: ({ config }) => begin(config),
    continueRun: ({ runId, checkpointStep }) => {
      const saved = savedRun(runId);
      return begin(saved.config, { ...saved, step: checkpointStep });
    },
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      notify({ type: 'resumed', runId: run!.runId });
      step(false);
    },
    stepOnce: () => {
      notify({ type: 'resumed', runId: run!.runId });
      step(true);
    },
    stop: () => end('stopped'),
    saveCheckpoint: () => save(),
    listRuns: () => runs,
    openRun: ({ runId }) => ({ run: savedRun(runId), metrics: stepsOf(savedRun(runId)), warmStart: [] }),
    deleteRun: (request) => {
      runs = runs.filter(({ runId }) => runId !== request.runId);
    },
    deleteCheckpoint: ({ runId, step }) => {
      runs = runs.map((saved) =>
        saved.runId === runId
          ? { ...saved, checkpoints: saved.checkpoints.filter((each) => each.step !== step) }
          : saved,
      );
    },
    loadRollouts: ({ runId, step }) => {
      const { promptsPerStep, groupSize } = savedRun(runId)?.config ?? recipeSchema.parse({});
      return fakeRollouts(step, promptsPerStep, groupSize);
    },
    exportRun: ({ runId, kind }) => ({ name: `${runId}-${kind}.txt`, file: new Blob(['a fake']) }),
    listExamples: () => fakeExamples(),
    openReview: ({ runId, count }) => review.open(runId, savedRun(runId)?.step ?? 0, count),
    saveOpinion: ({ runId, opinion }) => review.save(runId, opinion),
    listModels: () => [FAKE_COPY],
    deleteModel: () => {},
    evaluate: () => Promise.reject(new CallFailed(NO_EVALUATION)),
    audit: () => Promise.reject(new CallFailed(NO_EVALUATION)),
    checkGrader: () => Promise.reject(new CallFailed(NO_EVALUATION)),
    compare: ({ request }, context) => fakeComparison(request, context),
    listEvaluations: () => [],
    openEvaluation: () => Promise.reject(new CallFailed(NO_EVALUATION)),
    deleteEvaluation: () => {},
    exportEvaluation: () => Promise.reject(new CallFailed(NO_EVALUATION)),
  };
  answer(handlers);
  setTimeout(() => notify({ type: 'device', device: FAKE_DEVICE }), REPLY_MS);

  return {
    ...page,
    postMessage: (message, transfer) => void setTimeout(() => page.postMessage(message, transfer), REPLY_MS),
  };
}

const NO_MODEL: Failure = {
  kind: 'badModel',
  message: 'This is not a model: config.json names no architecture.',
  advice: 'Drop the whole folder of a Llama or Qwen3 checkpoint, or a GGUF file.',
  details: 'architectures: []',
  runId: null,
};

const NO_EVALUATION: Failure = {
  kind: 'unexpected',
  message: 'The stand-in for the worker evaluates nothing.',
  advice: 'Use the worker.',
  details: '',
  runId: null,
};
