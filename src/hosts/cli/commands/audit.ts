import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFile } from '../../../data/parse';
import { readRecorded } from '../../../data/recordedFile';
import { graderSchema } from '../../../domain/recipe/grader';
import type { Grade } from '../../../domain/verdict';
import { type AuditedAnswer, auditGrader, metaEvalAnswers, recordedAnswers } from '../../../evaluation/audit';
import { type Audit, auditOf, type LabelledAnswers } from '../../../evaluation/auditSummary';
import { auditReport } from '../../../evaluation/report/auditReport';
import { chunksOf } from '../../../lab/data/openData';
import { Engine } from '../../../lab/engine';
import { runAudit } from '../../../lab/evaluation/runAudit';
import { evaluationPrompts } from '../../../rl/evaluate';
import { command } from '../command';
import { ADAPTER, DATA, LIMIT, MAP, MODE, MODEL, OUT, RUN, SEED, STEP, TEMPLATE } from '../commonOptions';
import { openDawn } from '../dawn';
import { dataAt, mappingOf, sourceAt, textAt } from '../input';
import { modelUnderTestAt } from '../modelUnderTestAt';
import type { GivenOptions, Options } from '../option';
import { makeOut } from '../outFolder';
import { printAudit } from '../printAudit';
import { drawProgress } from '../progressBar';
import { UsageError } from '../usage';

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
  mode: MODE,
  template: TEMPLATE,
  limit: { ...LIMIT, help: 'Largest number of answers, drawn by seed; all unless given.' },
  out: { ...OUT, required: false },
  seed: { ...SEED, default: 1 },
} as const satisfies Options;
type Given = GivenOptions<typeof OPTIONS>;

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
  run,
});

async function run(given: GivenOptions<typeof OPTIONS>): Promise<number> {
  mappingOf(given.map); // a mistake is told before anything is opened
  const { seed, limit = Number.POSITIVE_INFINITY } = given;
  const known = given.meta === undefined ? await recordedLabels(given) : await physicianLabels(given.meta);
  const labels = limited(known, limit, seed);
  if (given.out !== undefined) makeOut(given.out);
  const graded =
    given.grades === undefined ? await byModel(given, labels.answers, seed) : await byFile(given, labels.answers);
  const report = auditOf(labels, graded, new Date().toISOString(), seed);
  if (given.out !== undefined) write(given.out, report, labels.answers, graded);
  printAudit(report);
  return 0;
}

/** A part of the answers, drawn by seed; rows go with them. */
function limited(labels: LabelledAnswers, limit: number, seed: number): LabelledAnswers {
  if (limit >= labels.answers.length) return labels;
  const chosen = new Set(
    evaluationPrompts(
      labels.answers.map(({ example }) => example),
      limit,
      seed,
    ),
  );
  const keep = labels.answers.map(({ example }) => chosen.has(example));
  return { ...labels, answers: labels.answers.filter((_, i) => keep[i]), rows: labels.rows.filter((_, i) => keep[i]) };
}

async function physicianLabels(path: string): Promise<LabelledAnswers> {
  const source = await sourceAt(path);
  const { metaEval, problems } = await parseFile(source.name, chunksOf(source));
  if (metaEval.length === 0)
    throw new UsageError(
      `${path} has no meta-evaluation row (prompt, completion, rubric, binary_labels)${firstOf(problems)}`,
    );
  sayProblems(problems);
  return {
    kind: 'metaEval',
    file: source.name,
    reference: 'physicians',
    answers: metaEvalAnswers(metaEval),
    rows: metaEval,
  };
}

async function recordedLabels(given: Given): Promise<LabelledAnswers> {
  const answers = await recordedAt(given.verdicts!, given);
  const graders = [...new Set(answers.flatMap(({ grader }) => grader ?? []))];
  const reference = graders.join(' and ') || 'the recorded grader';
  return { kind: 'verdicts', file: given.verdicts!, reference, answers: recordedAnswers(answers), rows: [] };
}

async function recordedAt(path: string, { data, map }: Pick<Given, 'data' | 'map'>) {
  const files = data ? (await dataAt(data, mappingOf(map))).files : null;
  const byId =
    files && new Map(files.flatMap((file) => file.examples.map(({ example }) => [example.promptId, example] as const)));
  const source = await sourceAt(path);
  const { answers, problems } = await readRecorded(source.name, chunksOf(source), byId);
  if (answers.length === 0)
    throw new UsageError(`${path} has no usable answer${data ? '' : '; does it need --data?'}${firstOf(problems)}`);
  sayProblems(problems);
  return answers;
}

async function byModel(given: Given, answers: readonly AuditedAnswer[], seed: number) {
  const subject = await modelUnderTestAt(given.model!, {
    adapter: given.adapter,
    run: given.run,
    step: given.step,
  });
  const template =
    given.template === undefined ? (subject.opened.graderTemplate ?? undefined) : await textAt(given.template);
  const config = graderSchema.parse({ mode: given.mode, ...(template && { template }) });
  const progress = drawProgress();
  const audited = await runAudit(new Engine(openDawn), subject, answers, config, { seed, ...progress });
  progress.clear();
  return audited;
}

/** Another file's grades of the same answers. */
async function byFile(given: Given, answers: readonly AuditedAnswer[]) {
  const key = (promptId: string, completion: string) => JSON.stringify([promptId, completion.trim()]);
  const recorded = await recordedAt(given.grades!, given);
  const byAnswer = new Map(recorded.map((own) => [key(own.example.promptId, own.completion), own]));
  const missing = { verdict: 'ungraded', explanation: '', confidence: null, failure: 'not in the file' } as const;
  const grades = answers.map(({ example, completion }): Grade => {
    const own = byAnswer.get(key(example.promptId, completion));
    return example.rubrics.map(({ criterion }) => {
      const at = own?.example.rubrics.findIndex((known) => known.criterion === criterion) ?? -1;
      return own?.grade[at] ?? missing;
    });
  });
  const names = [...new Set(recorded.flatMap(({ grader }) => grader ?? []))].join(' and ');
  return [{ grader: auditGrader(names || given.grades!, answers, grades), grades }];
}

function write(
  folder: string,
  report: Audit,
  answers: readonly AuditedAnswer[],
  graded: readonly { readonly grader: { readonly name: string }; readonly grades: readonly Grade[] }[],
): void {
  writeFileSync(join(folder, 'audit.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, 'report.html'), auditReport(report));
  const lines = answers.flatMap(({ example, completion, labels, categories }, i) =>
    example.rubrics.map(({ criterion }, c) => ({
      prompt_id: example.promptId,
      completion,
      criterion,
      category: categories[c],
      labels: labels[c],
      graders: graded.map(({ grader, grades }) => ({ grader: grader.name, ...grades[i]![c]! })),
    })),
  );
  writeFileSync(join(folder, 'verdicts.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

const firstOf = ([first]: readonly { readonly line: number; readonly reason: string }[]): string =>
  first ? `; line ${first.line}: ${first.reason}` : '';

function sayProblems(
  problems: readonly { readonly file: string; readonly line: number; readonly reason: string }[],
): void {
  for (const { file, line, reason } of problems.slice(0, 20)) process.stderr.write(`${file} line ${line}: ${reason}\n`);
  if (problems.length > 0) process.stderr.write(`${problems.length} rows left out\n`);
}
