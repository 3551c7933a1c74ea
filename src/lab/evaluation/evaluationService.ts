import { type Recipe, recipeSchema } from '../../domain/recipe/recipe';
import {
  type AuditRequest,
  auditRequestSchema,
  type EvaluationRequest,
  evaluationRequestSchema,
} from '../../evaluation/evaluationRequest';
import type { EvaluationEntry, SavedEvaluation } from '../../evaluation/evaluations';
import type { GraderCheck } from '../../evaluation/graderCheck';
import { fileSource } from '../../formats/source';
import type { CallContext, RequestHandlers } from '../../protocol/server';
import { shortId } from '../../random';
import { LabError, toFailure } from '../failures';
import { ProgressMeter } from '../progress';
import { completeRecipe } from '../run/completeRecipe';
import { teacherOf } from '../teacher/runTeacher';
import { openTeacher } from '../teacher/teacherKinds';
import { labelledFile } from './auditFile';
import { checkGrader, recordedOf } from './checkGrader';
import { evaluationJob } from './evaluationJob';
import { examplesOf, graderOf, type LabNow, modelUnderTestOf } from './evaluationSources';
import { exported, savedEvaluation } from './exportEvaluation';
import type { GradingHooks } from './gradeGiven';
import { auditModel } from './runAudit';
import { evaluateModel } from './runEvaluation';

/** What a service needs of the lab that it belongs to. */
export interface LabParts {
  /** As it is now. */
  readonly lab: () => LabNow;
  /** After the heavy tasks requested before. Rejects while a run is live, and for a call that was cancelled. */
  readonly inTurn: <T>(call: Pick<CallContext, 'signal'>, task: () => Promise<T>) => Promise<T>;
}

type EvaluationKind =
  | 'evaluate'
  | 'audit'
  | 'checkGrader'
  | 'listEvaluations'
  | 'openEvaluation'
  | 'deleteEvaluation'
  | 'exportEvaluation';

/** Pairs that a check grades, at most: under a minute for a small model. */
const CHECKED_PAIRS = 48;

const LABELS = { rollout: 'Answering', grade: 'Grading answers' };

/** Evaluations and audits: one at a time, each saved when it is complete. */
export class EvaluationService {
  constructor(private readonly parts: LabParts) {}

  readonly handlers: Pick<RequestHandlers, EvaluationKind> = {
    evaluate: ({ request }, context) => this.parts.inTurn(context, () => this.evaluate(request, context)),
    audit: ({ request }, context) => this.parts.inTurn(context, () => this.audit(request, context)),
    checkGrader: ({ config }, context) => this.parts.inTurn(context, () => this.checkGrader(config, context)),
    listEvaluations: async () => (await this.lab.store()).listEvaluations(),
    openEvaluation: async ({ id }) => savedEvaluation(await this.lab.store(), id),
    deleteEvaluation: async ({ id }) => (await this.lab.store()).deleteEvaluation(id),
    exportEvaluation: async ({ id, kind }) => exported(await savedEvaluation(await this.lab.store(), id), kind),
  };

  private get lab() {
    return this.parts.lab();
  }

  private evaluate(given: EvaluationRequest, context: CallContext): Promise<SavedEvaluation> {
    return this.work(context, async (hooks) => {
      const request = evaluationRequestSchema.parse(given);
      const { engine, platform } = this.lab;
      const { subject, run } = await modelUnderTestOf(this.lab, request.subject);
      const examples = await examplesOf(this.lab, request, run);
      const { grader, release } = await graderOf(this.lab, request, subject);
      const job = evaluationJob(subject, grader, examples, request);
      const result = await evaluateModel(engine, job, { madeAt: platform.date() }, hooks).finally(release);
      const { evaluation, answers, startAnswers } = result;
      const { about, overall } = evaluation;
      const entry = this.entry('evaluation', about, overall.n > 0 ? overall.mean : null);
      return { kind: 'evaluation', entry, evaluation, answers, startAnswers };
    });
  }

  private audit(given: AuditRequest, context: CallContext): Promise<SavedEvaluation> {
    return this.work(context, async (hooks) => {
      const { subject: requested, file, ...settings } = auditRequestSchema.parse(given);
      const { engine, platform, data } = this.lab;
      const { subject } = await modelUnderTestOf(this.lab, requested);
      const { labels } = await labelledFile(fileSource(file), data?.files ?? null);
      const { audit } = await auditModel(engine, { subject, labels, settings }, platform.date(), hooks);
      const last = audit.graders.at(-1)!;
      const about = { model: subject.name, grader: last.name, data: labels.file, madeAt: audit.madeAt };
      return { kind: 'audit', entry: this.entry('audit', about, last.pooled.pairwise.f1.balanced), audit };
    });
  }

  private checkGrader(given: Recipe, context: CallContext): Promise<GraderCheck> {
    return this.graded(context, async (hooks) => {
      const { engine, platform, data, given: teacher } = this.lab;
      const { subject } = await modelUnderTestOf(this.lab, { kind: 'openModel' });
      if (!data)
        throw new LabError('needsFiles', 'No data is open.', 'Open a HealthBench file or the built-in sample.');
      const run = completeRecipe(recipeSchema.parse(given), subject.opened);
      const { grader: config, seed } = run;
      const source = config.kind === 'teacher' ? teacherOf(run, teacher, subject.opened) : null;
      const opened = source && (await openTeacher(source, platform));
      const examples = data.files.flatMap((file) => file.examples.map(({ example }) => example));
      const recorded = recordedOf(data.files, examples);
      const name = opened?.name ?? `${subject.name}, ${config.mode}`;
      const job = { examples, recorded, config, pairs: CHECKED_PAIRS, seed, name };
      return checkGrader(engine, opened?.grader ?? subject, job, hooks).finally(() => opened?.release());
    });
  }

  /** Does the work and saves its result. A result that cannot be saved is still worth showing. */
  private work(
    context: CallContext,
    make: (hooks: GradingHooks) => Promise<SavedEvaluation>,
  ): Promise<SavedEvaluation> {
    return this.graded(context, async (hooks) => {
      const made = await make(hooks);
      const saving = this.lab.store().then((store) => store.saveEvaluation(made));
      await saving.catch((error: unknown) => this.lab.notify({ type: 'failed', failure: toFailure(error) }));
      return made;
    });
  }

  /** With progress, and the model released at the end. */
  private async graded<T>({ signal, progress }: CallContext, make: (hooks: GradingHooks) => Promise<T>): Promise<T> {
    const { engine, platform } = this.lab;
    const meter = new ProgressMeter(progress, platform.now);
    const report = (done: number, total: number, label: string) => meter.report('evaluate', done, total, null, label);
    try {
      report(0, 1, 'Loading the model');
      return await make({
        signal,
        onLoad: (done, total) => report(done, total, 'Loading the model'),
        onPhase: (phase, done, total) => report(done, total, LABELS[phase]),
      });
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
