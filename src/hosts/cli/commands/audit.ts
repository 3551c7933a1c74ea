import type { LabelledAnswers } from '../../../evaluation/auditSummary';
import { AUDIT_DEFAULTS, type AuditSettings, auditSettingsSchema } from '../../../evaluation/evaluationRequest';
import { Engine } from '../../../lab/engine';
import { auditRecorded } from '../../../lab/evaluation/recordedGrades';
import { type AuditResult, auditModel } from '../../../lab/evaluation/runAudit';
import { command } from '../command';
import { ADAPTER, DATA, MAP, MODE, MODEL, OUT, RUN, STEP, TEMPLATE } from '../commonOptions';
import { openDawn } from '../dawn';
import { labelsAt, mappingOf, recordedAt } from '../input/dataAt';
import { optionalTextAt } from '../input/files';
import { modelUnderTestAt } from '../input/modelAt';
import { type GivenOptions, numberOption, type Options } from '../option';
import { AUDIT_FILES, writeAudit } from '../output/auditFiles';
import { makeOwnOut } from '../output/outFolder';
import { printAudit } from '../print/printAudit';
import { drawProgress } from '../print/progressBar';
import { printNote } from '../print/terminal';

const { shape: settings } = auditSettingsSchema;

const OPTIONS = {
  model: MODEL,
  adapter: ADAPTER,
  run: RUN,
  step: STEP,
  meta: { type: 'text', placeholder: 'file', help: 'HealthBench meta-evaluation file.' },
  verdicts: { type: 'text', placeholder: 'file', help: 'Recorded verdicts to compare with.' },
  grades: { type: 'text', placeholder: 'file', help: 'Recorded grades to audit instead of a model.' },
  data: { ...DATA, help: 'Rubric file (JSONL) with the prompts of --verdicts, if that file has none.' },
  map: MAP,
  mode: { ...MODE, default: AUDIT_DEFAULTS.mode },
  template: TEMPLATE,
  limit: numberOption(settings.limit, 'Maximum number of answers, drawn by seed.'),
  out: { ...OUT, required: false },
  seed: numberOption(settings.seed, 'Random seed.'),
} as const satisfies Options;
type Given = GivenOptions<typeof OPTIONS>;

/** Compares a grader with physicians or recorded verdicts; a trained one before and after training. */
export const audit = command({
  about:
    'Measures how well a grader agrees with physicians (--meta: balanced F1 as in simple-evals, pooled and per category, ' +
    'and physicians among themselves) or with recorded verdicts (--verdicts: agreement, Cohen’s kappa, F1). With an ' +
    'adapter or a run, compares the model before and after training on the same items. Writes report.html, audit.json and ' +
    'verdicts.jsonl to --out.',
  options: OPTIONS,
  either: [
    ['meta', 'verdicts'],
    ['model', 'grades'],
  ],
  run: async (given) => {
    mappingOf(given.map);
    const { out, mode, limit, seed } = given;
    const labels = await labelsAt(given);
    const all = labels.answers.length;
    if (limit < all) printNote(`note: using ${limit} of ${all} answers, drawn by seed ${seed}; raise --limit for more`);
    if (out !== undefined) makeOwnOut(out, AUDIT_FILES);
    const auditBy = given.grades === undefined ? auditOfModel : auditOfFile;
    const result = await auditBy(given, labels, { mode, limit, seed });
    if (out !== undefined) writeAudit(out, result);
    printAudit(result.audit);
    return 0;
  },
});

async function auditOfModel(given: Given, labels: LabelledAnswers, requested: AuditSettings): Promise<AuditResult> {
  const subject = await modelUnderTestAt(given.model!, given);
  const template = await optionalTextAt(given.template);
  const progress = drawProgress();
  const job = { subject, labels, settings: requested, template };
  const result = await auditModel(new Engine(openDawn), job, new Date(), progress);
  progress.clear();
  return result;
}

async function auditOfFile(given: Given, labels: LabelledAnswers, requested: AuditSettings): Promise<AuditResult> {
  const { answers } = await recordedAt(given.grades!, given);
  return auditRecorded({ answers, file: given.grades! }, labels, requested, new Date());
}
