import type { Mapping } from '../data/mapping';
import type { ComparisonRequest, Side } from '../domain/comparisonRequest';
import type { DataReport } from '../domain/dataReport';
import type { Example } from '../domain/example';
import type { MemoryPlan } from '../domain/memoryPlan';
import type { StepMetrics } from '../domain/metrics/metrics';
import type { WarmStartMetrics } from '../domain/metrics/warmStartMetrics';
import type { Recipe } from '../domain/recipe/recipe';
import type { TeacherConfig } from '../domain/recipe/teacher';
import type { ModelReport, SavedModelReport, TeacherReport } from '../domain/reports';
import type { RolloutRecord } from '../domain/rolloutRecord';
import type { RunSummary } from '../domain/run';
import type { CriterionGrade } from '../domain/verdict';
import type { AuditRequest, EvaluationRequest } from '../evaluation/evaluationRequest';
import type { EvaluationEntry, EvaluationExportKind, SavedEvaluation } from '../evaluation/evaluations';
import type { GraderCheck } from '../evaluation/graderCheck';
import type { Opinion, ReviewItem } from '../evaluation/review';

/** A request, its reply and its progress reports. */
interface Call<Request, Reply, Progress = Work> {
  readonly request: Request;
  readonly reply: Reply;
  readonly progress: Progress;
}

/**
 * Page → worker: every request with its reply. A call fails with a Failure, and can be cancelled. Requests that change
 * a list (runs, saved models, evaluations) reply with nothing: the page asks for the list again. Steps count from 1
 * everywhere: after the first step, `step` is 1.
 */
interface Calls {
  /** A refused model leaves the open one as it is; so does refused data. Not while a run is live. */
  openModel: Call<{ source: ModelSource }, ModelReport>;
  /** `mapping` names the columns of files in another layout. */
  openData: Call<{ source: DataSource; mapping?: Mapping }, DataReport>;
  /** The files of an ONNX model, one file of recorded grades, or an endpoint’s key. Kept in memory only. */
  openTeacher: Call<{ teacher: TeacherConfig; files: readonly File[]; key: string | null }, TeacherReport>;
  plan: Call<{ config: Recipe }, Plan>;

  /** The run, once it is live; null when it was stopped before. */
  start: Call<{ config: Recipe }, RunSummary | null>;
  /** From a checkpoint of a saved run. Opens its model and data if they are saved, else says what to drop. */
  continueRun: Call<{ runId: string; checkpointStep: number }, RunSummary | null>;
  /**
   * Saves a checkpoint at the next step boundary, then the notice `paused`: a paused run loses nothing when the tab
   * closes.
   */
  pause: Call<unknown, void>;
  resume: Call<unknown, void>;
  /** While paused: the notice `resumed`, one more `step`, then `paused` again. */
  stepOnce: Call<unknown, void>;
  /**
   * Ends the run at the next safe point and saves it. A run that is still opening is cancelled, and nothing of it is
   * saved.
   */
  stop: Call<unknown, void>;
  saveCheckpoint: Call<unknown, void>;

  listRuns: Call<unknown, readonly RunSummary[]>;
  /** Reports the first steps of a long run in parts (MetricsPart); the reply has the others. */
  openRun: Call<{ runId: string }, OpenedRun, Work | MetricsPart>;
  deleteRun: Call<{ runId: string }, void>;
  deleteCheckpoint: Call<{ runId: string; step: number }, void>;
  loadRollouts: Call<{ runId: string; step: number }, readonly RolloutRecord[]>;
  exportRun: Call<{ runId: string; kind: ExportKind; checkpointStep?: number | undefined }, ExportedFile>;
  /** What a run learns from, or what it holds out. */
  listExamples: Call<{ runId: string; split: 'heldOut' | 'train' }, readonly ExampleSummary[]>;
  /** The opinions on a run's verdicts so far, and `count` more verdicts to give one on. */
  openReview: Call<{ runId: string; count: number }, Review>;
  /** A second opinion on a verdict replaces the first. */
  saveOpinion: Call<{ runId: string; opinion: Opinion }, void>;

  listModels: Call<unknown, readonly SavedModelReport[]>;
  /** Refuses a model that is open. */
  deleteModel: Call<{ id: string }, void>;

  /** The result is saved when it is complete. Not while a run is live; the same holds for `audit` and `compare`. */
  evaluate: Call<{ request: EvaluationRequest }, SavedEvaluation>;
  audit: Call<{ request: AuditRequest }, SavedEvaluation>;
  /** Of the open model and data, before a run with this recipe. Not while a run is live. Nothing is saved. */
  checkGrader: Call<{ config: Recipe }, GraderCheck>;
  /** One prompt to a checkpoint and to the model that its run started from. Nothing is saved. */
  compare: Call<{ request: ComparisonRequest }, void, Work | ComparisonEvent>;
  listEvaluations: Call<unknown, readonly EvaluationEntry[]>;
  openEvaluation: Call<{ id: string }, SavedEvaluation>;
  deleteEvaluation: Call<{ id: string }, void>;
  exportEvaluation: Call<{ id: string; kind: EvaluationExportKind }, ExportedFile>;
}

export type RequestKind = keyof Calls;
export type Request<K extends RequestKind> = { readonly type: K } & Calls[K]['request'];
export type AnyRequest = { [K in RequestKind]: Request<K> }[RequestKind];
export type Reply<K extends RequestKind> = Calls[K]['reply'];
export type Progress<K extends RequestKind> = Calls[K]['progress'];

/**
 * Where a model comes from. Files may be a GGUF, or the files of a Hugging Face folder. `paths`: of each file within
 * the dropped folder, which a file knows only when its folder was chosen.
 */
export type ModelSource = { kind: 'builtIn' } | { kind: 'files'; files: File[]; paths?: readonly string[] };
/** `builtIn` is the sample of the synthetic world; files are HealthBench JSONL (one, or full and hard together). */
export type DataSource = { kind: 'builtIn' } | { kind: 'files'; files: File[] };

export type ExportKind = 'adapter' | 'merged' | 'metricsCsv' | 'metricsJsonl' | 'rollouts' | 'data' | 'everything';

/** A file to download. The page does not copy its bytes. */
export interface ExportedFile {
  readonly name: string;
  readonly file: Blob;
}

export interface Plan {
  /** Null without an open model, or with an invalid recipe. */
  readonly plan: MemoryPlan | null;
  /** The open data under this recipe; null when it is split and filtered as before. */
  readonly data: DataReport | null;
}

/**
 * Steps of an OpenedRun that come before its own, oldest first: ten thousand in one message would hold up the page's
 * thread.
 */
export interface MetricsPart {
  readonly metrics: readonly StepMetrics[];
}

/** A run and its steps so far. */
export interface OpenedRun {
  readonly run: RunSummary;
  readonly metrics: readonly StepMetrics[];
  /** Supervised steps before them; empty without a warm start. */
  readonly warmStart: readonly WarmStartMetrics[];
}

export interface Review {
  readonly opinions: readonly Opinion[];
  readonly items: readonly ReviewItem[];
}

/** An example of a run's data, as lists show it. */
export interface ExampleSummary {
  readonly promptId: string;
  /** Its beginning. */
  readonly lastMessage: string;
  readonly criteria: number;
}

/** In this order: the prompt, text of both sides in turns, then a verdict of each side for each criterion. */
export type ComparisonEvent =
  | { readonly type: 'prompt'; readonly example: Example; readonly grader: string }
  /** The whole answer so far, at most ten times a second for each side; `finish` comes with the last. */
  | {
      readonly type: 'text';
      readonly side: Side;
      readonly text: string;
      readonly tokens: number;
      readonly finish: 'stop' | 'length' | null;
    }
  | { readonly type: 'verdict'; readonly side: Side; readonly criterion: number; readonly grade: CriterionGrade };

export type WorkPhase = 'opening' | 'warmStart' | 'rollout' | 'grade' | 'update' | 'save' | 'export' | 'evaluate';

/** Work in progress: `done` of `total`, and an estimate of the seconds left (null until known). */
export interface Work {
  readonly phase: WorkPhase;
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number | null;
  /** Of a run; null for other work. */
  readonly step: number | null;
}
