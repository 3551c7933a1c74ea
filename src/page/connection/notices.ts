import type { Failure } from '../../domain/failure';
import type { RunSummary } from '../../domain/run';
import type { Handlers } from '../../protocol/port';
import type { Notice } from '../../protocol/protocol';
import { savedModelStore } from '../checkpoints/savedModelStore';
import { withNotice } from '../compare/comparison';
import { comparisonStore } from '../compare/comparisonStore';
import { evaluationStore } from '../evaluate/evaluationStore';
import { receiveReview } from '../review/reviewStore';
import { forgetQuestions, forgetRollouts, rememberRollouts } from '../rollouts/rolloutStore';
import { type RunState, runStore } from '../run/runStore';
import { setupStore } from '../setup/setupStore';
import { teacherOpened, teacherStore } from '../setup/teacher/teacherStore';
import { saveFile } from '../shell/saveFile';
import { tell } from '../shell/toastStore';
import { beginLiveStep, changeLiveStep, forgetLiveStep } from '../train/liveStepStore';
import { reportFailure } from './failureStore';

/** What each notice of the worker does to the page: adding a notice without a handler does not compile. */
export const notices: Handlers<Notice> = {
  device: ({ device }) => setupStore.setState({ device: { state: 'ready', value: device } }),
  progress: ({ type: _, ...work }) => runStore.setState({ work }),
  modelOpened: ({ model }) => {
    setupStore.setState({ model: { state: 'ready', value: model }, plan: null });
    clearWork('opening');
  },
  dataOpened: ({ data }) => {
    setupStore.setState({ data: { state: 'ready', value: data } });
    clearWork('opening');
  },
  // Not while another file is being opened, or after one was refused: it is not what the card shows.
  dataReported: ({ data }) =>
    setupStore.setState((now) => (now.data.state === 'ready' ? { data: { state: 'ready', value: data } } : {})),
  teacherOpened: ({ teacher }) => {
    teacherOpened(teacher);
    clearWork('opening');
  },
  teacherRefused: ({ failure }) => {
    teacherStore.setState({ teacher: { state: 'problem', failure } });
    clearWork('opening');
  },
  planned: ({ plan }) => setupStore.setState({ plan }),
  started: ({ run }) => {
    forgetLiveStep();
    forgetRollouts(run.runId, run.step);
    runStore.setState((state) => ({
      ...withRun(state, run),
      live: { name: 'running', runId: run.runId },
      shownId: run.runId,
      secondsLeft: null,
      metrics: {
        ...state.metrics,
        [run.runId]: (state.metrics[run.runId] ?? []).filter(({ step }) => step <= run.step),
      },
    }));
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
    runStore.setState((state) => ({ ...withRun(state, run), ...ENDED }));
    tell(run.status === 'finished' ? `${run.name} has finished` : `${run.name} has stopped at step ${run.step}`);
  },
  notStarted: () => runStore.setState(ENDED),
  checkpointSaved: ({ runId, checkpoint }) => {
    runStore.setState((state) => {
      const run = state.runs?.find((kept) => kept.runId === runId);
      if (!run) return {};
      const others = run.checkpoints.filter(({ step }) => step !== checkpoint.step);
      return withRun(state, { ...run, checkpoints: [...others, checkpoint].sort((a, b) => a.step - b.step) });
    });
    clearWork('save');
  },
  runs: ({ runs }) =>
    runStore.setState(({ shownId, live }) => ({
      runs: newestFirst(runs),
      shownId: runs.some(({ runId }) => runId === shownId) ? shownId : null,
      ...('runId' in live && !isAlive(runs, live.runId) ? ENDED : {}),
    })),
  models: ({ models }) => savedModelStore.setState({ models }),
  runOpened: ({ run, metrics, warmStart }) =>
    runStore.setState((state) => ({
      ...withRun(state, run),
      shownId: run.runId,
      metrics: { ...state.metrics, [run.runId]: metrics },
      warmStart: { ...state.warmStart, [run.runId]: warmStart },
    })),
  evaluations: ({ entries }) => evaluationStore.setState({ entries }),
  evaluationOpened: ({ kept }) => {
    evaluationStore.setState({ shown: kept, busy: null });
    clearWork('evaluate');
  },
  evaluationStopped: () => {
    evaluationStore.setState({ busy: null });
    clearWork('evaluate');
  },
  examples: ({ runId, split, examples }) =>
    comparisonStore.setState((state) => ({ examples: { ...state.examples, [`${runId}/${split}`]: examples } })),
  sidesAsked: receiveSides,
  sidesText: receiveSides,
  sidesVerdict: receiveSides,
  sidesEnded: (notice) => {
    receiveSides(notice);
    evaluationStore.setState({ busy: null });
    clearWork('evaluate');
  },
  review: ({ runId, opinions, items }) => receiveReview(runId, opinions, items),
  rollouts: ({ runId, step, rollouts }) => rememberRollouts(runId, step, rollouts),
  exported: ({ name, file }) => {
    clearWork('export');
    saveFile(name, file);
    tell(`${name} has been handed to your downloads`);
  },
  failed: ({ failure }) => receiveFailure(failure),
};

function receiveSides(notice: Parameters<typeof withNotice>[1]): void {
  comparisonStore.setState(({ asked }) => ({ asked: withNotice(asked, notice) }));
}

/** A step of a run, or the same one again with its checks. */
function keepStep({
  runId,
  metrics,
  secondsLeft,
}: Pick<Extract<Notice, { type: 'step' }>, 'runId' | 'metrics' | 'secondsLeft'>): void {
  runStore.setState((state) => {
    const before = (state.metrics[runId] ?? []).filter(({ step }) => step < metrics.step);
    const run = state.runs?.find((kept) => kept.runId === runId);
    return {
      ...(run ? withRun(state, { ...run, step: metrics.step, lastReward: metrics.reward }) : {}),
      metrics: { ...state.metrics, [runId]: [...before, metrics] },
      secondsLeft,
    };
  });
}

/** A refused file is shown on its card; everything else on every screen. */
function receiveFailure(failure: Failure): void {
  const problem = { state: 'problem', failure } as const;
  forgetQuestions();
  evaluationStore.setState({ busy: null });
  comparisonStore.setState(({ asked }) => (asked?.ended === null ? { asked: { ...asked, ended: 'failed' } } : {}));
  for (const phase of ['opening', 'save', 'export'] as const) clearWork(phase);
  if (failure.kind === 'noWebGpu') setupStore.setState({ device: problem });
  else if (failure.kind === 'badModel') setupStore.setState({ model: problem, plan: null });
  else if (failure.kind === 'badData') setupStore.setState({ data: problem });
  else reportFailure(failure);

  // Whether a failure ended the run, the list of runs tells (connection.ts asks for it): a full disk costs a checkpoint, not the run.
  runStore.setState(({ live }) => (live.name === 'starting' ? ENDED : {}));
}

const ENDED = { live: { name: 'idle' }, work: null, secondsLeft: null } as const;

const isAlive = (runs: readonly RunSummary[], id: string): boolean =>
  runs.some(({ runId, status }) => runId === id && (status === 'running' || status === 'paused'));

function clearWork(phase: 'opening' | 'save' | 'export' | 'evaluate'): void {
  runStore.setState(({ work }) => (work?.phase === phase ? { work: null } : {}));
}

function setStatus(runId: string, status: RunSummary['status']): void {
  runStore.setState((state) => {
    const run = state.runs?.find((kept) => kept.runId === runId);
    return run ? withRun(state, { ...run, status }) : {};
  });
}

function withRun({ runs }: RunState, run: RunSummary): Pick<RunState, 'runs'> {
  return { runs: newestFirst([run, ...(runs ?? []).filter(({ runId }) => runId !== run.runId)]) };
}

const newestFirst = (runs: readonly RunSummary[]): readonly RunSummary[] =>
  [...runs].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
