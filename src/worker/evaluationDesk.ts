import { graderSchema, samplingSchema } from '../config/run';
import { fileSource } from '../formats/source';
import type {
  AuditRequest,
  Command,
  EvaluationEntry,
  EvaluationRequest,
  EvaluationSubject,
  Handlers,
  KeptEvaluation,
  Notice,
  RunSummary,
} from '../protocol';
import { evaluationPrompts } from '../rl/evaluate';
import { labelled, physicianReport } from '../rubric/audit';
import { summarise } from '../rubric/evaluationSummary';
import type { Example } from '../rubric/example';
import type { RunStore } from '../storage/runStore';
import { runAudit } from './audit';
import { labelledFile } from './auditFile';
import { trainedTensors } from './checkpointState';
import type { Engine } from './engine';
import { graderName, runEvaluation } from './evaluation';
import { exported, keptEvaluation } from './exportEvaluation';
import { LabError } from './failures';
import type { GradingHooks } from './gradeGiven';
import { knownRun } from './keptRuns';
import { type OpenData, reportData } from './openData';
import type { OpenModel } from './openModel';
import type { Platform } from './platform';
import { ProgressMeter } from './progress';
import { loadRunData } from './runData';
import type { Subject } from './subject';

/** What the desk needs of the lab that it belongs to. */
export interface LabParts {
  /** As it is now. */
  readonly lab: () => {
    readonly engine: Engine;
    readonly platform: Pick<Platform, 'now' | 'date'>;
    readonly notify: (notice: Notice) => void;
    readonly model: OpenModel | undefined;
    readonly data: OpenData | undefined;
    readonly store: () => Promise<RunStore>;
    readonly modelOf: (run: RunSummary) => Promise<OpenModel>;
  };
  /** After what was asked before, and not while a run lives. */
  readonly inTurn: (task: () => Promise<void>) => void;
  readonly atOnce: (task: () => Promise<void>) => void;
}

type EvaluationCommand =
  | 'evaluate'
  | 'audit'
  | 'stopEvaluation'
  | 'listEvaluations'
  | 'openEvaluation'
  | 'deleteEvaluation'
  | 'exportEvaluation';

const LABELS = { rollout: 'Answering', grade: 'Grading answers' };

/** Evaluations and audits for the page: one at a time, each kept when it is done. */
export class EvaluationDesk {
  private abort: AbortController | undefined;

  constructor(private readonly parts: LabParts) {}

  /** Its share of the lab's commands. */
  readonly handlers: Pick<Handlers<Command>, EvaluationCommand> = {
    evaluate: ({ request }) => this.parts.inTurn(() => this.evaluate(request)),
    audit: ({ request }) => this.parts.inTurn(() => this.audit(request)),
    stopEvaluation: () => this.abort?.abort(),
    listEvaluations: () => this.parts.atOnce(() => this.list()),
    openEvaluation: ({ id }) => this.parts.atOnce(() => this.open(id)),
    deleteEvaluation: ({ id }) => this.parts.atOnce(() => this.remove(id)),
    exportEvaluation: ({ id, kind }) =>
      this.parts.atOnce(async () => this.lab.notify(await exported(await this.kept(id), kind))),
  };

  private get lab() {
    return this.parts.lab();
  }

  private evaluate(request: EvaluationRequest): Promise<void> {
    return this.work(async (hooks) => {
      const { subject, run } = await this.subjectOf(request.subject);
      const sampling = samplingSchema.parse({
        ...run?.config.sampling,
        maxNewTokens: request.maxNewTokens,
        temperature: request.temperature,
      });
      const { examples, data } = await this.examplesOf(request, run);
      const config = graderConfig(subject, run, request.mode, request.grader);
      const job = {
        subject,
        grader: { kind: 'subject' as const, config },
        examples: evaluationPrompts(examples, request.prompts, request.seed),
        answers: request.answers,
        sampling,
        thinking: run?.config.thinking,
        seed: request.seed,
        withStart: request.withStart,
      };
      const { answers, startAnswers } = await runEvaluation(this.lab.engine, job, hooks);
      const about = {
        model: subject.name,
        grader: graderName(job),
        data,
        answers: request.answers,
        sampling: { temperature: sampling.temperature, maxNewTokens: sampling.maxNewTokens },
        seed: request.seed,
        madeAt: this.lab.platform.date().toISOString(),
      };
      const start = {
        about: { ...about, model: `${subject.opened.report.name}, before training` },
        answers: startAnswers,
      };
      const evaluation = summarise(answers, about, startAnswers.length > 0 ? start : undefined);
      const { mean, n } = evaluation.overall;
      const entry = this.entry('evaluation', about, n > 0 ? mean : null);
      return { kind: 'evaluation', entry, evaluation, answers, startAnswers };
    });
  }

  private audit({ subject: wanted, file, mode, limit, seed }: AuditRequest): Promise<void> {
    return this.work(async (hooks) => {
      const { subject, run } = await this.subjectOf(wanted);
      const { data } = this.lab;
      const known = await labelledFile(fileSource(file), data?.files ?? null, limit, seed);
      const config = graderConfig(subject, run, mode, 'self');
      const audited = await runAudit(this.lab.engine, subject, known.answers, config, { seed, ...hooks });
      const graders = audited.map(({ grader }) => grader);
      const madeAt = this.lab.platform.date().toISOString();
      const { answers, rows, ...rest } = known;
      const physicians = physicianReport(rows);
      const audit = { version: 1 as const, ...rest, criteria: labelled(answers), graders, physicians, madeAt };
      const last = graders.at(-1)!;
      const about = { model: subject.name, grader: last.name, data: known.file, madeAt };
      return { kind: 'audit', entry: this.entry('audit', about, last.pooled.pairwise.f1.balanced), audit };
    });
  }

  private async list(): Promise<void> {
    this.lab.notify({ type: 'evaluations', entries: await (await this.lab.store()).listEvaluations() });
  }

  private async open(id: string): Promise<void> {
    this.lab.notify({ type: 'evaluationOpened', kept: await this.kept(id) });
  }

  private async kept(id: string): Promise<KeptEvaluation> {
    return keptEvaluation(await this.lab.store(), id);
  }

  private async remove(id: string): Promise<void> {
    await (await this.lab.store()).deleteEvaluation(id);
    await this.list();
  }

  /** Does the work, keeps and shows its result. A stop is no failure. */
  private async work(make: (hooks: GradingHooks) => Promise<KeptEvaluation>): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    const { engine, notify, platform } = this.lab;
    const meter = new ProgressMeter(notify, platform.now);
    const report = (done: number, total: number, label: string) => meter.report('evaluate', done, total, null, label);
    try {
      report(0, 1, 'Loading the model');
      const kept = await make({
        signal: abort.signal,
        onLoad: (done, total) => report(done, total, 'Loading the model'),
        onProgress: (phase, done, total) => report(done, total, LABELS[phase]),
      });
      notify({ type: 'evaluationOpened', kept });
      await (await this.lab.store()).saveEvaluation(kept);
      await this.list();
    } catch (error) {
      const stopped = abort.signal.aborted && error instanceof Error && error.name === 'AbortError';
      notify({ type: 'evaluationStopped' });
      if (!stopped) throw error;
    } finally {
      this.abort = undefined;
      engine.releaseModel();
    }
  }

  private async subjectOf(wanted: EvaluationSubject): Promise<{ subject: Subject; run: RunSummary | null }> {
    if (wanted.kind === 'openModel') {
      const { model } = this.lab;
      if (!model) throw new LabError('needsFiles', 'No model is open.', 'Choose a model first.');
      return { subject: { opened: model, name: model.report.name, trained: null }, run: null };
    }
    const store = await this.lab.store();
    const run = await knownRun(store, wanted.runId);
    const checkpoint = await store.loadCheckpoint(run.runId, wanted.step);
    if (!checkpoint) {
      const advice = 'Choose another checkpoint.';
      throw new LabError('unexpected', `There is no whole checkpoint of step ${wanted.step}.`, advice);
    }
    const opened = await this.lab.modelOf(run);
    const trained = { trainable: run.config.trainable, tensors: await trainedTensors(checkpoint) };
    return { subject: { opened, name: `${run.name}, step ${wanted.step}`, trained }, run };
  }

  /** The run's own data, or the open one split as the recipe says. */
  private async examplesOf(
    { split, heldOutShare, seed }: EvaluationRequest,
    run: RunSummary | null,
  ): Promise<{ examples: readonly Example[]; data: string }> {
    const side = split === 'heldOut' ? 'held-out prompts' : 'training prompts';
    const name = run?.dataName ?? this.lab.data?.name;
    const examples = run
      ? (await loadRunData(await this.lab.store(), run.runId))[split]
      : this.splitOf(split, heldOutShare, seed);
    if (examples.length > 0) return { examples, data: `${name}, ${side}` };
    throw new LabError('badConfig', `${name} has no ${side}.`, 'Evaluate on the other part of the data.');
  }

  private splitOf(split: 'heldOut' | 'train', heldOutShare: number, seed: number): readonly Example[] {
    const { data } = this.lab;
    if (!data) throw new LabError('needsFiles', 'No data is open.', 'Drop a HealthBench file, or take the sample.');
    return reportData(data, { seed, heldOutShare }).split[split].map(({ example }) => example);
  }

  private entry(
    kind: EvaluationEntry['kind'],
    { model, grader, data, madeAt }: Pick<EvaluationEntry, 'model' | 'grader' | 'data' | 'madeAt'>,
    score: number | null,
  ): EvaluationEntry {
    const stamp = madeAt.slice(0, 19).replace('T', '-').replaceAll(':', '');
    return { id: `${kind}-${stamp}-${crypto.randomUUID().slice(0, 4)}`, kind, model, grader, data, madeAt, score };
  }
}

/** The grader of the run, or the defaults, asked in the mode that is wanted. */
function graderConfig(
  { opened }: Subject,
  run: RunSummary | null,
  mode: EvaluationRequest['mode'],
  kind: EvaluationRequest['grader'],
) {
  const template = run?.config.grader.template ?? opened.graderTemplate ?? undefined;
  return graderSchema.parse({ ...run?.config.grader, kind, mode, ...(template !== undefined && { template }) });
}
