import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grade } from '../../../domain/verdict';
import { auditGrader } from '../../../evaluation/audit';
import { type Audit, auditOf, type LabelledAnswers } from '../../../evaluation/auditSummary';
import { AUDIT_DEFAULTS, type AuditSettings, auditSettingsSchema } from '../../../evaluation/evaluationRequest';
import { auditReport } from '../../../evaluation/report/auditReport';
import { Engine } from '../../../lab/engine';
import { drawnLabels, gradersOf, labelsOf, physicianLabels } from '../../../lab/evaluation/auditFile';
import { type AuditedGrades, auditModel } from '../../../lab/evaluation/runAudit';
import { command } from '../command';
import { ADAPTER, DATA, MAP, MODE, MODEL, OUT, RUN, STEP, TEMPLATE } from '../commonOptions';
import { openDawn } from '../dawn';
import { firstProblem, mappingOf, recordedAt, sayProblems, sourceAt, textAt } from '../input';
import { modelUnderTestAt } from '../modelUnderTestAt';
import { type GivenOptions, numberOption, type Options } from '../option';
import { makeOut } from '../outFolder';
import { printAudit } from '../printAudit';
import { drawProgress } from '../progressBar';
import { UsageError } from '../usage';

const { shape: settings } = auditSettingsSchema;

const OPTIONS = {
  model: MODEL,
  adapter: ADAPTER,
  run: RUN,
  step: STEP,
  meta: { type: 'text', placeholder: 'file', help: 'HealthBench’s meta-evaluation file.' },
  verdicts: { type: 'text', placeholder: 'file', help: 'Recorded verdicts to compare with.' },
  grades: { type: 'text', placeholder: 'file', help: 'Recorded grades to audit, instead of a model.' },
  data: { ...DATA, help: 'Rubric JSONL with the prompts of --verdicts, if that file has none.' },
  map: MAP,
  mode: { ...MODE, default: AUDIT_DEFAULTS.mode },
  template: TEMPLATE,
  limit: numberOption(settings.limit, 'Largest number of answers, drawn by seed.'),
  out: { ...OUT, required: false },
  seed: numberOption(settings.seed, 'Random seed.'),
} as const satisfies Options;
type Given = GivenOptions<typeof OPTIONS>;

interface Audited {
  readonly audit: Audit;
  /** Those that were asked about. */
  readonly labels: LabelledAnswers;
  readonly graded: readonly AuditedGrades[];
}

/** Measures a grader against physicians or recorded verdicts, before and after training when an adapter or a run is named. */
export const audit = command({
  about:
    'Measures how well a grader agrees with physicians (--meta: balanced F1 as in simple-evals, pooled and per category, ' +
    'and physicians against each other) or with recorded verdicts (--verdicts: agreement, Cohen’s kappa, F1). With an ' +
    'adapter or a run it compares before and after on the same items. --out gets report.html, audit.json and verdicts.jsonl.',
  options: OPTIONS,
  either: [
    ['meta', 'verdicts'],
    ['model', 'grades'],
  ],
  run: async (given) => {
    mappingOf(given.map); // a mistake is told before anything is opened
    const { out, mode, limit, seed } = given;
    const wanted = { mode, limit, seed };
    const labels = await labelsAt(given);
    if (limit < labels.answers.length) {
      const all = labels.answers.length;
      process.stderr.write(`note: ${limit} of ${all} answers, drawn by seed ${seed}; --limit asks for more\n`);
    }
    if (out !== undefined) makeOut(out);
    const made =
      given.grades === undefined ? await ofModel(given, labels, wanted) : await ofFile(given, labels, wanted);
    if (out !== undefined) write(out, made);
    printAudit(made.audit);
    return 0;
  },
});

async function labelsAt({ meta, verdicts, data, map }: Given): Promise<LabelledAnswers> {
  if (meta === undefined) {
    const { answers, file } = await recordedAt(verdicts!, { data, map });
    return labelsOf(file, answers);
  }
  const { labels, problems } = await physicianLabels(await sourceAt(meta));
  if (labels.answers.length === 0) {
    const row = 'meta-evaluation row (prompt, completion, rubric, binary_labels)';
    throw new UsageError(`${meta} has no ${row}${firstProblem(problems)}`);
  }
  sayProblems(problems, 'rows');
  return labels;
}

async function ofModel(given: Given, labels: LabelledAnswers, wanted: AuditSettings): Promise<Audited> {
  const { adapter, run, step } = given;
  const subject = await modelUnderTestAt(given.model!, { adapter, run, step });
  const template = given.template === undefined ? undefined : await textAt(given.template);
  const progress = drawProgress();
  const job = { subject, labels, settings: wanted, template };
  const audited = await auditModel(new Engine(openDawn), job, new Date(), progress);
  progress.clear();
  return audited;
}

/** Another file's grades of the same answers. */
async function ofFile(
  { grades: path, data, map }: Given,
  all: LabelledAnswers,
  wanted: AuditSettings,
): Promise<Audited> {
  const labels = drawnLabels(all, wanted);
  const key = (promptId: string, completion: string) => JSON.stringify([promptId, completion.trim()]);
  const { answers: recorded } = await recordedAt(path!, { data, map });
  const byAnswer = new Map(recorded.map((own) => [key(own.example.promptId, own.completion), own]));
  const missing = { verdict: 'ungraded', explanation: '', confidence: null, failure: 'not in the file' } as const;
  const grades = labels.answers.map(({ example, completion }): Grade => {
    const own = byAnswer.get(key(example.promptId, completion));
    return example.rubrics.map(({ criterion }) => {
      const at = own?.example.rubrics.findIndex((known) => known.criterion === criterion) ?? -1;
      return own?.grade[at] ?? missing;
    });
  });
  const graded = [{ grader: auditGrader(gradersOf(recorded) || path!, labels.answers, grades), grades }];
  return { audit: auditOf(labels, graded, new Date().toISOString(), wanted.seed), labels, graded };
}

function write(folder: string, { audit: report, labels, graded }: Audited): void {
  writeFileSync(join(folder, 'audit.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, 'report.html'), auditReport(report));
  const lines = labels.answers.flatMap(({ example, completion, labels: own, categories }, i) =>
    example.rubrics.map(({ criterion }, c) => ({
      prompt_id: example.promptId,
      completion,
      criterion,
      category: categories[c],
      labels: own[c],
      graders: graded.map(({ grader, grades }) => ({ grader: grader.name, ...grades[i]![c]! })),
    })),
  );
  writeFileSync(join(folder, 'verdicts.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
