import { samplingSchema } from '../../domain/recipe/sampling';
import { auditOf } from '../../evaluation/auditSummary';
import { summarise } from '../../evaluation/evaluationSummary';
import type { AuditRequest, EvaluationEntry, EvaluationRequest, SavedEvaluation } from '../../evaluation/evaluations';
import { fileSource } from '../../formats/source';
import type { CallContext, RequestHandlers } from '../../protocol/server';
import { shortId } from '../../random';
import { evaluationPrompts } from '../../rl/evaluate';
import { toFailure } from '../failures';
import { ProgressMeter } from '../progress';
import { labelledFile } from './auditFile';
import { examplesOf, graderConfig, graderOf, type LabNow, modelUnderTestOf } from './evaluationRequest';
import { exported, savedEvaluation } from './exportEvaluation';
import type { GradingHooks } from './gradeGiven';
import { runAudit } from './runAudit';
import { graderName, runEvaluation } from './runEvaluation';

/** What a service needs of the lab that it belongs to. */
export interface LabParts {
  /** As it is now. */
  readonly lab: () => LabNow;
  /** After the heavy tasks that were asked for before. Rejects while a run is live, and for a call that was cancelled. */
  readonly inTurn: <T>(call: Pick<CallContext, 'signal'>, task: () => Promise<T>) => Promise<T>;
}

type EvaluationKind =
  | 'evaluate'
  | 'audit'
  | 'listEvaluations'
  | 'openEvaluation'
  | 'deleteEvaluation'
  | 'exportEvaluation';

const LABELS = { rollout: 'Answering', grade: 'Grading answers' };

/** Evaluations and audits: one at a time, each saved when it is complete. */
export class EvaluationService {
  constructor(private readonly parts: LabParts) {}

  readonly handlers: Pick<RequestHandlers, EvaluationKind> = {
    evaluate: ({ request }, context) => this.parts.inTurn(context, () => this.evaluate(request, context)),
    audit: ({ request }, context) => this.parts.inTurn(context, () => this.audit(request, context)),
    listEvaluations: async () => (await this.lab.store()).listEvaluations(),
    openEvaluation: async ({ id }) => savedEvaluation(await this.lab.store(), id),
    deleteEvaluation: async ({ id }) => (await this.lab.store()).deleteEvaluation(id),
    exportEvaluation: async ({ id, kind }) => exported(await savedEvaluation(await this.lab.store(), id), kind),
  };

  private get lab() {
    return this.parts.lab();
  }

  private evaluate(request: EvaluationRequest, context: CallContext): Promise<SavedEvaluation> {
    return this.work(context, async (hooks) => {
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

  private audit(
    { subject: wanted, file, mode, limit, seed }: AuditRequest,
    context: CallContext,
  ): Promise<SavedEvaluation> {
    return this.work(context, async (hooks) => {
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

  /** Does the work and saves its result. A result that cannot be saved is still worth showing. */
  private async work(
    { signal, progress }: CallContext,
    make: (hooks: GradingHooks) => Promise<SavedEvaluation>,
  ): Promise<SavedEvaluation> {
    const { engine, notify, platform } = this.lab;
    const meter = new ProgressMeter(progress, platform.now);
    const report = (done: number, total: number, label: string) => meter.report('evaluate', done, total, null, label);
    try {
      report(0, 1, 'Loading the model');
      const made = await make({
        signal,
        onLoad: (done, total) => report(done, total, 'Loading the model'),
        onPhase: (phase, done, total) => report(done, total, LABELS[phase]),
      });
      const saving = this.lab.store().then((store) => store.saveEvaluation(made));
      await saving.catch((error: unknown) => notify({ type: 'failed', failure: toFailure(error) }));
      return made;
    } finally {
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
