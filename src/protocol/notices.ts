import type { DataReport } from '../domain/dataReport';
import type { Failure } from '../domain/failure';
import type { StepMetrics } from '../domain/metrics/metrics';
import type { WarmStartMetrics } from '../domain/metrics/warmStartMetrics';
import type { DeviceReport, ModelReport } from '../domain/reports';
import type { CheckpointSummary, RunSummary } from '../domain/run';
import type { Verdict } from '../domain/verdict';
import type { MetricsPart, OpenedRun, Work } from './requests';

export interface LivePrompt {
  readonly promptId: string;
  /** The last message, cut after 400 characters. */
  readonly prompt: string;
  /** Of its criteria. */
  readonly points: readonly number[];
}

/** Worker → page, unasked: the device, and the life of the run that is live. */
export type Notice =
  /** On start, and again after the device was lost. */
  | { type: 'device'; device: DeviceReport }
  /** Another model is open now: a run was continued, evaluated or exported that needs it. */
  | { type: 'modelOpened'; model: ModelReport }
  /** The open data as a run uses it, with the prompts that it leaves out. */
  | { type: 'dataReported'; data: DataReport }
  /** Of the run, from its opening to its end. */
  | ({ type: 'progress' } & Work)
  /** Steps of the run that is about to start. */
  | ({ type: 'startedSteps' } & MetricsPart)
  | ({ type: 'started' } & OpenedRun)
  /** A supervised step before the first rollout; `pause`, `stop` and `stepOnce` work there as in steps. */
  | { type: 'warmStep'; runId: string; warm: WarmStartMetrics }
  /** A step begins: each prompt gets `groupSize` answers, numbered prompt · G + index. */
  | { type: 'liveStep'; runId: string; step: number; groupSize: number; prompts: readonly LivePrompt[] }
  /** Changes since the last one, four times a second: the ends of unfinished texts, and verdicts. */
  | {
      type: 'liveAnswers';
      runId: string;
      answers: readonly { answer: number; tokens: number; text: string }[];
      reasons: readonly { answer: number; criterion: number; text: string }[];
      grades: readonly { answer: number; criterion: number; verdict: Verdict; reason: string }[];
    }
  | { type: 'step'; runId: string; metrics: StepMetrics; secondsLeft: number | null }
  /** The same step again, with the numbers of the checks that came after it. */
  | { type: 'stepChecked'; runId: string; metrics: StepMetrics; secondsLeft: number | null }
  | { type: 'paused'; runId: string; step: number }
  | { type: 'resumed'; runId: string }
  | { type: 'ended'; run: RunSummary }
  /** `deleted`: steps of the checkpoints that made room. */
  | { type: 'checkpointSaved'; runId: string; checkpoint: CheckpointSummary; deleted: readonly number[] }
  /** A failure that no call waits for: of the device, or of the live run. */
  | { type: 'failed'; failure: Failure };
