import type { StepMetrics } from '../../domain/metrics/metrics';
import type { RunSummary } from '../../domain/run';
import type { Notice } from '../../protocol/notices';
import type { Handlers } from '../../protocol/port';
import type { WorkPhase } from '../../protocol/requests';
import { askToPersist } from '../checkpoints/persistence';
import { forgetRollouts } from '../rollouts/rolloutStore';
import { listRuns } from '../run/runActions';
import { NO_LIVE_RUN, runStore, showOpenedRun, withRun } from '../run/runStore';
import { reportData, setupStore } from '../setup/setupStore';
import { tell } from '../shell/toastStore';
import { beginLiveStep, changeLiveStep, forgetLiveStep } from '../train/liveStepStore';
import { ready } from './asyncState';
import { showFailure } from './showFailure';

/** Steps of the run that is about to start. */
let startedSteps: readonly StepMetrics[] = [];

/** The effect of each worker notice on the page. */
export const notices: Handlers<Notice> = {
  device: ({ device }) => setupStore.setState({ device: ready(device) }),
  modelOpened: ({ model }) => setupStore.setState({ model: ready(model), plan: null }),
  dataReported: ({ data }) => reportData(data),
  progress: ({ type: _, ...work }) => runStore.setState({ work }),
  startedSteps: ({ metrics }) => {
    // A start that failed on its way has left its steps.
    const before = startedSteps.filter(({ step }) => step < metrics[0]!.step);
    startedSteps = [...before, ...metrics];
  },
  started: ({ run, metrics, warmStart }) => {
    forgetLiveStep();
    forgetRollouts(run.runId, run.step);
    const before = startedSteps.filter(({ step }) => step < (metrics[0]?.step ?? 0));
    startedSteps = [];
    showOpenedRun({ run, metrics: [...before, ...metrics], warmStart });
    runStore.setState({ live: { name: 'running', runId: run.runId }, secondsLeft: null });
  },
  warmStep: ({ runId, warm }) =>
    runStore.setState(({ warmStart }) => {
      const before = (warmStart[runId] ?? []).filter(({ step }) => step < warm.step);
      return { warmStart: { ...warmStart, [runId]: [...before, warm] } };
    }),
  liveStep: beginLiveStep,
  liveAnswers: changeLiveStep,
  step: keepStep,
  stepChecked: keepStep,
  paused: ({ runId }) => {
    forgetLiveStep();
    setStatus(runId, 'paused');
    runStore.setState({ live: { name: 'paused', runId }, work: null });
  },
  resumed: ({ runId }) => {
    setStatus(runId, 'running');
    runStore.setState(({ live }) => ({ live: live.name === 'stepping' ? live : { name: 'running', runId } }));
  },
  ended: ({ run }) => {
    forgetLiveStep();
    runStore.setState((state) => ({ ...withRun(state, run), ...NO_LIVE_RUN }));
    tell(run.status === 'finished' ? `${run.name} finished` : `${run.name} stopped at step ${run.step}`);
  },
  checkpointSaved: ({ runId, checkpoint, deleted }) => {
    askToPersist();
    runStore.setState((state) => {
      const run = state.runs?.find((saved) => saved.runId === runId);
      if (!run) return {};
      const others = run.checkpoints.filter(({ step }) => step !== checkpoint.step && !deleted.includes(step));
      return withRun(state, { ...run, checkpoints: [...others, checkpoint].sort((a, b) => a.step - b.step) });
    });
    clearWork('save');
  },
  failed: ({ failure }) => {
    clearWork('save');
    showFailure(failure);
    listRuns();
  },
};

/** A step of a run, or the same step again with its checks. */
function keepStep({
  runId,
  metrics,
  secondsLeft,
}: Pick<Extract<Notice, { type: 'step' }>, 'runId' | 'metrics' | 'secondsLeft'>): void {
  runStore.setState((state) => {
    const before = (state.metrics[runId] ?? []).filter(({ step }) => step < metrics.step);
    const run = state.runs?.find((saved) => saved.runId === runId);
    return {
      ...(run ? withRun(state, { ...run, step: metrics.step, lastReward: metrics.reward }) : {}),
      metrics: { ...state.metrics, [runId]: [...before, metrics] },
      secondsLeft,
    };
  });
}

function clearWork(phase: WorkPhase): void {
  runStore.setState(({ work }) => (work?.phase === phase ? { work: null } : {}));
}

function setStatus(runId: string, status: RunSummary['status']): void {
  runStore.setState((state) => {
    const run = state.runs?.find((saved) => saved.runId === runId);
    return run ? withRun(state, { ...run, status }) : {};
  });
}
