import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluatedAnswer } from '../../../domain/answerRecord';
import {
  EVALUATION_DEFAULTS,
  type EvaluationSettings,
  evaluationSettingsSchema,
} from '../../../evaluation/evaluationRequest';
import { type Baseline, type Evaluation, type EvaluationAbout, summarise } from '../../../evaluation/evaluationSummary';
import { Engine } from '../../../lab/engine';
import { gradersOf } from '../../../lab/evaluation/auditFile';
import { dataExamples, type EvaluationExamples, runExamples } from '../../../lab/evaluation/evaluationExamples';
import { type EvaluationGrader, graderConfig, teacherGrader } from '../../../lab/evaluation/evaluationGrader';
import { evaluationJob } from '../../../lab/evaluation/evaluationJob';
import type { ModelUnderTest } from '../../../lab/evaluation/modelUnderTest';
import { evaluateModel } from '../../../lab/evaluation/runEvaluation';
import { command } from '../command';
import { ADAPTER, DATA, HELD_OUT, MAP, MODE, MODEL, OUT, RUN, STEP, TEACHER_MODEL, TEMPLATE } from '../commonOptions';
import { openDawn } from '../dawn';
import { baselineAt, writeEvaluation } from '../evaluationFiles';
import { dataAt, mappingOf, recordedAt, textAt } from '../input';
import { modelUnderTestAt, plainModel } from '../modelUnderTestAt';
import { nodeOnnx } from '../nodePlatform';
import { sayNothingGraded } from '../nothingGraded';
import { type GivenOptions, numberOption, type Options } from '../option';
import { makeOut } from '../outFolder';
import { printEvaluation } from '../printEvaluation';
import { drawProgress } from '../progressBar';
import { runAt } from '../runFolder';
import { teacherAt } from '../teacherAt';
import { UsageError } from '../usage';

const { shape: settings } = evaluationSettingsSchema;
const OPTIONS = {
  model: MODEL,
  adapter: ADAPTER,
  run: RUN,
  step: STEP,
  data: { ...DATA, help: `${DATA.help} With --run, the data of the run unless given.` },
  map: MAP,
  split: {
    type: 'choice',
    choices: ['all', 'train', 'heldOut'],
    help: 'Part of the data: all of one file, the held-out examples of two files or of a run, unless given.',
  },
  'held-out': { ...HELD_OUT, default: EVALUATION_DEFAULTS.heldOutShare },
  grader: {
    type: 'text',
    placeholder: 'self|frozen|folder|gguf|url',
    default: EVALUATION_DEFAULTS.grader,
    help:
      'Grader: the model itself, the weights that it started from, another model, the folder of an ONNX model, or the URL ' +
      'of an OpenAI-compatible endpoint.',
  },
  'teacher-model': TEACHER_MODEL,
  mode: { ...MODE, default: EVALUATION_DEFAULTS.mode },
  template: TEMPLATE,
  grades: {
    type: 'text',
    placeholder: 'file',
    help: 'Recorded grades to score: answers.jsonl, rollouts of a run, recorded verdicts, or allresults.json of simple-evals.',
  },
  out: OUT,
  answers: numberOption(settings.answers, 'Answers per prompt.'),
  limit: numberOption(settings.prompts, 'Largest number of prompts, drawn by seed.'),
  baseline: {
    type: 'text',
    placeholder: 'folder|start|none',
    help:
      'Baseline, compared prompt by prompt: the folder of an earlier evaluation, or start: the model without its adapter or ' +
      'run. With an adapter or a run, start unless given.',
  },
  name: { type: 'text', placeholder: 'text', help: 'Name of the model in the report.' },
  'max-tokens': numberOption(settings.maxNewTokens, 'Longest answer, in tokens.'),
  temperature: numberOption(settings.temperature, 'Sampling temperature; 0 is greedy.'),
  seed: numberOption(settings.seed, 'Random seed.'),
} as const satisfies Options;
/** --baseline: the weights that the adapter or run started from, asked at the same time by the same grader; or nothing. */
const START = 'start';
const NONE = 'none';

type Given = GivenOptions<typeof OPTIONS>;

interface Evaluated {
  readonly evaluation: Evaluation;
  readonly answers: readonly EvaluatedAnswer[];
}

/** Scores a model's answers, or recorded grades, and writes the report. */
export const evaluate = command({
  about:
    'Scores the answers of a model, or recorded grades, as simple-evals does. Writes report.html, evaluation.json, ' +
    'answers.jsonl, criteria.jsonl, metrics.json and allresults.json.',
  options: OPTIONS,
  either: [['model', 'grades']],
  run: async (given) => {
    mappingOf(given.map); // a mistake is told before anything is opened
    const { baseline, grades, out } = given;
    const kept =
      baseline === undefined || baseline === START || baseline === NONE ? undefined : await baselineAt(baseline);
    const { evaluation, answers } =
      grades === undefined ? await modelEvaluation(given, kept) : await recordedEvaluation(given, grades, kept);
    await writeEvaluation(out, evaluation, answers);
    printEvaluation(evaluation, out);
    return sayNothingGraded(answers.map(({ grade }) => grade)) ? 1 : 0;
  },
});

async function modelEvaluation(given: Given, baseline: Baseline | undefined): Promise<Evaluated> {
  const { adapter, run, step, name } = given;
  if (!given.data && run === undefined) throw new UsageError('--data is missing');
  const wanted = evaluationSettingsSchema.parse({
    split: given.split,
    heldOutShare: given['held-out'],
    mode: given.mode,
    answers: given.answers,
    prompts: given.limit,
    maxNewTokens: given['max-tokens'],
    temperature: given.temperature,
    seed: given.seed,
    withStart: given.baseline === undefined || given.baseline === START,
  });
  const subject = await modelUnderTestAt(given.model!, { adapter, run, step });
  if (given.baseline === START && !subject.trained) throw new UsageError('--baseline start needs --adapter or --run');
  const examples = await examplesAt(given, wanted);
  const { grader, release } = await graderAt(given, subject, wanted);
  makeOut(given.out);
  const job = evaluationJob(subject, grader, examples, wanted);
  if (job.examples.length < examples.examples.length) {
    const [few, all] = [job.examples.length, examples.examples.length];
    process.stderr.write(`note: ${few} of ${all} prompts, drawn by seed ${wanted.seed}; --limit asks for more\n`);
  }
  const progress = drawProgress();
  const about = { madeAt: new Date(), name, ...(baseline && { baseline }) };
  const made = await evaluateModel(new Engine(openDawn), job, about, progress).finally(release);
  progress.clear();
  const { length: left } = made.tooLong;
  if (left > 0) process.stderr.write(`${left} prompts are too long for the model and left out\n`);
  return made;
}

/** The examples asked for: of the files, all of one or the held-out ones of two unless --split says; else those of the run. */
async function examplesAt(given: Given, wanted: EvaluationSettings): Promise<EvaluationExamples> {
  if (!given.data) {
    const { store, summary } = await runAt(given.run!);
    return runExamples(store, summary, wanted);
  }
  const data = await dataAt(given.data, mappingOf(given.map));
  const bad = data.files.reduce((sum, { problems }) => sum + problems.length, 0);
  if (bad > 0) process.stderr.write(`${bad} bad rows left out\n`);
  const split = given.split ?? (data.files.length > 1 ? 'heldOut' : 'all');
  return dataExamples(data, { ...wanted, split });
}

/** --grader: the model itself, its starting weights, a teacher, or another model. */
async function graderAt(
  given: Given,
  subject: ModelUnderTest,
  { mode }: EvaluationSettings,
): Promise<{ grader: EvaluationGrader; release: () => void }> {
  const { grader: who } = given;
  const template = given.template === undefined ? undefined : await textAt(given.template);
  const release = () => {};
  if (who === 'self' || who === 'frozen') {
    return { grader: { kind: 'subject', config: graderConfig(subject, { kind: who, mode, template }) }, release };
  }
  if (/^https?:/i.test(who) || existsSync(join(who, 'onnx'))) {
    const teacher = await teacherAt(who, given['teacher-model']);
    return teacherGrader(teacher, subject, { mode, template }, { onnx: nodeOnnx });
  }
  const other = await plainModel(who);
  return {
    grader: { kind: 'model', subject: other, config: graderConfig(other, { kind: 'frozen', mode, template }) },
    release,
  };
}

async function recordedEvaluation(
  { data, map, name, seed }: Given,
  grades: string,
  baseline: Baseline | undefined,
): Promise<Evaluated> {
  const { answers, file, dataName } = await recordedAt(grades, { data, map });
  const about: EvaluationAbout = {
    model: name ?? `answers in ${file}`,
    grader: gradersOf(answers) || `recorded grades of ${file}`,
    data: dataName ?? file,
    answers: Math.round(answers.length / new Set(answers.map(({ example }) => example.promptId)).size),
    sampling: null,
    seed,
    madeAt: new Date().toISOString(),
  };
  return { evaluation: summarise(answers, about, baseline), answers };
}
