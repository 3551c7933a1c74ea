import type { Mapping } from '../data/mapping';
import type { ComparisonRequest, Side } from '../domain/comparisonRequest';
import type { DataReport } from '../domain/dataReport';
import type { Example } from '../domain/example';
import type { Failure } from '../domain/failure';
import type { MemoryPlan } from '../domain/memoryPlan';
import type { StepMetrics } from '../domain/metrics/metrics';
import type { WarmStartMetrics } from '../domain/metrics/warmStartMetrics';
import type { Recipe } from '../domain/recipe/recipe';
import type { TeacherConfig } from '../domain/recipe/teacher';
import type { DeviceReport, ModelReport, SavedModelReport, TeacherReport } from '../domain/reports';
import type { RolloutRecord } from '../domain/rolloutRecord';
import type { CheckpointSummary, RunSummary } from '../domain/run';
import type { CriterionGrade, Verdict } from '../domain/verdict';
import type {
  AuditRequest,
  EvaluationEntry,
  EvaluationExportKind,
  EvaluationRequest,
  SavedEvaluation,
} from '../evaluation/evaluations';
import type { Opinion, ReviewItem } from '../evaluation/review';

/**
 * Where a model comes from. Files may be a GGUF, or the files of a Hugging Face folder. `paths`: of each file within what was dropped, which a file
 * itself tells only when its folder was chosen.
 */
export type ModelSource = { kind: 'builtIn' } | { kind: 'files'; files: File[]; paths?: readonly string[] };
/** `builtIn` is the sample of the synthetic world; files are HealthBench JSONL (one, or full and hard together). */
export type DataSource = { kind: 'builtIn' } | { kind: 'files'; files: File[] };

export type ExportKind = 'adapter' | 'merged' | 'metricsCsv' | 'metricsJsonl' | 'rollouts' | 'data' | 'everything';

/**
 * Page → worker. On start the worker sends `device` (or `failed` with noWebGpu) by itself; the page then sends openModel and
 * openData with the built-in ones, and listRuns. Steps count from 1 everywhere: after the first step, `step` is 1.
 */
export type Command =
  | { type: 'openModel'; source: ModelSource }
  /** `mapping` says where files in another layout keep what an example needs. */
  | { type: 'openData'; source: DataSource; mapping?: Mapping }
  /** Gives the teacher that recipes may ask: files of an ONNX model, one file of recorded grades, or an endpoint’s key. Kept in memory only. */
  | { type: 'openTeacher'; teacher: TeacherConfig; files: readonly File[]; key: string | null }
  /** Asks for the memory plan of a recipe with the open model. */
  | { type: 'plan'; config: Recipe }
  | { type: 'start'; config: Recipe }
  /** Saves a checkpoint at the next step boundary, then `paused`: a paused run loses nothing when the tab closes. */
  | { type: 'pause' }
  | { type: 'resume' }
  /** While paused: `resumed`, one more `step`, then `paused` again. */
  | { type: 'stepOnce' }
  /** Ends the run at the next safe point and saves it; one that is still being opened is given up. */
  | { type: 'stop' }
  | { type: 'saveCheckpoint' }
  /** Answered by `runs`; so are deleteRun and deleteCheckpoint. */
  | { type: 'listRuns' }
  /** Loads a kept run's metrics and checkpoints for looking at. */
  | { type: 'openRun'; runId: string }
  | { type: 'deleteRun'; runId: string }
  /** Answered by `runOpened` (the metrics so far), then `started`. Goes on with a kept run from its checkpoint: reopens its model and data when they are at hand, else says what to drop. */
  | { type: 'continueRun'; runId: string; checkpointStep: number }
  | { type: 'deleteCheckpoint'; runId: string; step: number }
  /** Answered by `models`; so is deleteModel, which refuses one that is open. */
  | { type: 'listModels' }
  | { type: 'deleteModel'; id: string }
  | { type: 'loadRollouts'; runId: string; step: number }
  /** Answered by `review`: so many of the run's verdicts for a person to judge, after what was said so far. */
  | { type: 'openReview'; runId: string; count: number }
  /** Keeps what a person said of a verdict with the run; a second opinion replaces the first. */
  | { type: 'keepOpinion'; runId: string; opinion: Opinion }
  | { type: 'export'; runId: string; kind: ExportKind; checkpointStep?: number }
  /** Answered by `progress`, then `evaluationOpened` with the result, which is kept. Not while a run lives. */
  | { type: 'evaluate'; request: EvaluationRequest }
  | { type: 'audit'; request: AuditRequest }
  /** Gives up the evaluation or audit under way: `evaluationStopped`, and nothing of it is kept. */
  | { type: 'stopEvaluation' }
  /**
   * Answered by `sidesAsked`, `sidesText` while both write, `sidesVerdict` for every criterion of both, then `sidesEnded`; nothing is kept. Not while a run
   * lives.
   */
  | { type: 'answerSides'; request: ComparisonRequest }
  | { type: 'stopSides' }
  /** Answered by `examples`: what a run learns from, or what it holds out. */
  | { type: 'listExamples'; runId: string; split: 'heldOut' | 'train' }
  /** Answered by `evaluations`; so is deleteEvaluation. */
  | { type: 'listEvaluations' }
  | { type: 'openEvaluation'; id: string }
  | { type: 'deleteEvaluation'; id: string }
  | { type: 'exportEvaluation'; id: string; kind: EvaluationExportKind };

/** An example of a run's data, as lists show it. */
export interface ExampleSummary {
  readonly promptId: string;
  /** Its beginning. */
  readonly lastMessage: string;
  readonly criteria: number;
}

export interface LivePrompt {
  readonly promptId: string;
  /** The last message, cut after 400 characters. */
  readonly question: string;
  /** Of its criteria. */
  readonly points: readonly number[];
}

export type WorkPhase = 'opening' | 'warmStart' | 'rollout' | 'grade' | 'update' | 'save' | 'export' | 'evaluate';

/** Worker → page. */
export type Notice =
  | { type: 'device'; device: DeviceReport }
  /** Work under way: what, how far, how long still (null until known). */
  | {
      type: 'progress';
      phase: WorkPhase;
      label: string;
      done: number;
      total: number;
      secondsLeft: number | null;
      step: number | null;
    }
  | { type: 'modelOpened'; model: ModelReport }
  | { type: 'dataOpened'; data: DataReport }
  /** The open data anew: the recipe that was planned splits or filters it in another way. */
  | { type: 'dataReported'; data: DataReport }
  | { type: 'teacherOpened'; teacher: TeacherReport }
  /** What was given is no teacher: the one before stays. */
  | { type: 'teacherRefused'; failure: Failure }
  | { type: 'planned'; plan: MemoryPlan }
  | { type: 'started'; run: RunSummary }
  /** A supervised step before the first rollout; `pause`, `stop` and `stepOnce` work there as in steps. */
  | { type: 'warmStep'; runId: string; warm: WarmStartMetrics }
  /** A step's prompts are about to be answered, `groupSize` times each; answers are numbered prompt · G + index. `points` of each prompt's criteria. */
  | { type: 'liveStep'; runId: string; step: number; groupSize: number; prompts: readonly LivePrompt[] }
  /** What has changed since, four times a second: the ends of texts under way, and verdicts. */
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
  /** A stop came while the run was being opened: it did not begin, and nothing of it is kept. */
  | { type: 'notStarted' }
  | { type: 'checkpointSaved'; runId: string; checkpoint: CheckpointSummary }
  | { type: 'runs'; runs: readonly RunSummary[] }
  | { type: 'models'; models: readonly SavedModelReport[] }
  | {
      type: 'runOpened';
      run: RunSummary;
      metrics: readonly StepMetrics[];
      /** Supervised steps before them; empty without a warm start. */
      warmStart: readonly WarmStartMetrics[];
    }
  | { type: 'evaluations'; entries: readonly EvaluationEntry[] }
  | { type: 'evaluationOpened'; kept: SavedEvaluation }
  | { type: 'evaluationStopped' }
  | { type: 'examples'; runId: string; split: 'heldOut' | 'train'; examples: readonly ExampleSummary[] }
  /** What both are asked and by whom it is graded, before the first word. */
  | { type: 'sidesAsked'; id: string; example: Example; grader: string }
  /** The whole answer so far, at most ten times a second for each side; `finish` comes with the last. */
  | { type: 'sidesText'; id: string; side: Side; text: string; tokens: number; finish: 'stop' | 'length' | null }
  | { type: 'sidesVerdict'; id: string; side: Side; criterion: number; grade: CriterionGrade }
  | { type: 'sidesEnded'; id: string; how: 'done' | 'stopped' | 'failed' }
  | { type: 'rollouts'; runId: string; step: number; rollouts: readonly RolloutRecord[] }
  | { type: 'review'; runId: string; opinions: readonly Opinion[]; items: readonly ReviewItem[] }
  /** A file to save. `parts` may be large: the page turns it into a download without copying. */
  | { type: 'exported'; name: string; file: Blob }
  | { type: 'failed'; failure: Failure };
