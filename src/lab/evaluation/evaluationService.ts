import { samplingSchema } from '../../domain/recipe/sampling';
import { auditOf } from '../../evaluation/auditSummary';
import { summarise } from '../../evaluation/evaluationSummary';
import type { AuditRequest, EvaluationEntry, EvaluationRequest, SavedEvaluation } from '../../evaluation/evaluations';
import { fileSource } from '../../formats/source';
import type { Handlers } from '../../protocol/port';
import type { Command } from '../../protocol/protocol';
import { shortId } from '../../random';
import { evaluationPrompts } from '../../rl/evaluate';
import { ProgressMeter } from '../progress';
import { labelledFile } from './auditFile';
import { examplesOf, graderConfig, graderOf, type LabNow, modelUnderTestOf } from './evaluationRequest';
import { exported, savedEvaluation } from './exportEvaluation';
import type { GradingHooks } from './gradeGiven';
import { runAudit } from './runAudit';
import { graderName, runEvaluation } from './runEvaluation';

/** What the desk needs of the lab that it belongs to. */
export interface LabParts {
  /** As it is now. */
  readonly lab: () => LabNow;
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
export class EvaluationService {
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
      const { subject, run } = await modelUnderTestOf(this.lab, request.subject);
      const sampling = samplingSchema.parse({
        ...run?.config.sampling,
        maxNewTokens: request.maxNewTokens,
        temperature: request.temperature,
      });
      const { examples, data } = await examplesOf(this.lab, request, run);
      const { grader, release } = await graderOf(this.lab, request, subject, run);
      const job = {
        subject,
        grader,
        examples: evaluationPrompts(examples, request.prompts, request.seed),
        answers: request.answers,
        sampling,
        thinking: run?.config.thinking,
        seed: request.seed,
        withStart: request.withStart,
      };
      const { answers, startAnswers } = await runEvaluation(this.lab.engine, job, hooks).finally(release);
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
      const { subject, run } = await modelUnderTestOf(this.lab, wanted);
      const { data } = this.lab;
      const known = await labelledFile(fileSource(file), data?.files ?? null, limit, seed);
      const config = graderConfig(subject, run, mode, 'self');
      const audited = await runAudit(this.lab.engine, subject, known.answers, config, { seed, ...hooks });
      const madeAt = this.lab.platform.date().toISOString();
      const audit = auditOf(known, audited, madeAt, seed);
      const last = audit.graders.at(-1)!;
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

  private async kept(id: string): Promise<SavedEvaluation> {
    return savedEvaluation(await this.lab.store(), id);
  }

  private async remove(id: string): Promise<void> {
    await (await this.lab.store()).deleteEvaluation(id);
    await this.list();
  }

  /** Does the work, keeps and shows its result. A stop is no failure. */
  private async work(make: (hooks: GradingHooks) => Promise<SavedEvaluation>): Promise<void> {
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
        onPhase: (phase, done, total) => report(done, total, LABELS[phase]),
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

  private entry(
    kind: EvaluationEntry['kind'],
    { model, grader, data, madeAt }: Pick<EvaluationEntry, 'model' | 'grader' | 'data' | 'madeAt'>,
    score: number | null,
  ): EvaluationEntry {
    const stamp = madeAt.slice(0, 19).replace('T', '-').replaceAll(':', '');
    return { id: `${kind}-${stamp}-${shortId()}`, kind, model, grader, data, madeAt, score };
  }
}
