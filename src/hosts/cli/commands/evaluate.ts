import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRecorded } from '../../../data/recordedFile';
import type { EvaluatedAnswer } from '../../../domain/answerRecord';
import type { Example } from '../../../domain/example';
import { type GraderConfig, graderSchema } from '../../../domain/recipe/grader';
import { type Sampling, samplingSchema } from '../../../domain/recipe/sampling';
import { type Baseline, type Evaluation, type EvaluationAbout, summarise } from '../../../evaluation/evaluationSummary';
import { chunksOf, reportData } from '../../../lab/data/openData';
import { Engine } from '../../../lab/engine';
import type { ModelUnderTest } from '../../../lab/evaluation/modelUnderTest';
import { type EvaluationGrader, graderName, runEvaluation } from '../../../lab/evaluation/runEvaluation';
import { openTeacher } from '../../../lab/teacher/openTeacher';
import { evaluationPrompts } from '../../../rl/evaluate';
import { command } from '../command';
import {
  ADAPTER,
  DATA,
  HELD_OUT,
  LIMIT,
  MAP,
  MAX_TOKENS,
  MODE,
  MODEL,
  OUT,
  RUN,
  SEED,
  STEP,
  TEACHER_MODEL,
  TEMPERATURE,
  TEMPLATE,
} from '../commonOptions';
import { openDawn } from '../dawn';
import { baselineAt, writeEvaluation } from '../evaluationFiles';
import { dataAt, mappingOf, sourceAt, textAt } from '../input';
import { modelUnderTestAt, plainModel } from '../modelUnderTestAt';
import { nodeOnnx } from '../nodePlatform';
import { sayNothingGraded } from '../nothingGraded';
import type { GivenOptions, Options } from '../option';
import { makeOut } from '../outFolder';
import { printEvaluation } from '../printEvaluation';
import { drawProgress } from '../progressBar';
import { teacherAt } from '../teacherAt';
import { UsageError } from '../usage';

const OPTIONS = {
  model: MODEL,
  adapter: ADAPTER,
  run: RUN,
  step: STEP,
  data: DATA,
  map: MAP,
  split: {
    type: 'choice',
    choices: ['all', 'train', 'heldOut'],
    help: 'Part of the data: all of one file, the held-out examples of two, unless given.',
  },
  'held-out': { ...HELD_OUT, default: 0.1 },
  grader: {
    type: 'text',
    placeholder: 'self|frozen|folder|gguf|url',
    default: 'self',
    help:
      'Grader: the model itself, the weights that it started from, another model, the folder of an ONNX model, or the URL ' +
      'of an OpenAI-compatible endpoint.',
  },
  'teacher-model': TEACHER_MODEL,
  mode: MODE,
  template: TEMPLATE,
  grades: {
    type: 'text',
    placeholder: 'file',
    help: 'Recorded grades to score: answers.jsonl, rollouts of a run, recorded verdicts, or allresults.json of simple-evals.',
  },
  out: OUT,
  answers: { type: 'number', min: 1, max: 64, default: 1, help: 'Answers per prompt.' },
  limit: { ...LIMIT, help: 'Largest number of prompts, drawn by seed; all unless given.' },
  baseline: {
    type: 'text',
    placeholder: 'folder|start',
    help: 'Baseline, compared prompt by prompt: the folder of an earlier evaluation, or the model without its adapter or run.',
  },
  name: { type: 'text', placeholder: 'text', help: 'Name of the model in the report.' },
  'max-tokens': MAX_TOKENS,
  temperature: TEMPERATURE,
  seed: { ...SEED, default: 1 },
} as const satisfies Options;
/** --baseline: the weights that the adapter or run started from, asked at the same time by the same grader. */
const START = 'start';

interface Answered {
  readonly answers: readonly EvaluatedAnswer[];
  readonly about: EvaluationAbout;
  readonly start?: Baseline;
}
type Given = GivenOptions<typeof OPTIONS>;

/** Scores a model's answers, or recorded grades, and writes the report. */
export const evaluate = command({
  about:
    'Scores the answers of a model, or recorded grades, as simple-evals does. Writes report.html, evaluation.json, ' +
    'answers.jsonl, criteria.jsonl, metrics.json and allresults.json.',
  options: OPTIONS,
  either: [['model', 'grades']],
  run,
});

async function run(given: GivenOptions<typeof OPTIONS>): Promise<number> {
  mappingOf(given.map); // a mistake is told before anything is opened
  const { seed } = given;
  const kept = given.baseline === undefined || given.baseline === START ? undefined : await baselineAt(given.baseline);
  const { answers, about, start } =
    given.grades === undefined ? await answered(given, seed) : await recorded(given, seed);
  const evaluation: Evaluation = summarise(answers, about, kept ?? start);
  await writeEvaluation(given.out, evaluation, answers);
  printEvaluation(evaluation, given.out);
  return sayNothingGraded(answers.map(({ grade }) => grade)) ? 1 : 0;
}

async function answered(given: Given, seed: number): Promise<Answered> {
  if (!given.data) throw new UsageError('--data is missing');
  const { answers, limit = Number.POSITIVE_INFINITY } = given;
  const sampling: Sampling = samplingSchema.parse({
    maxNewTokens: given['max-tokens'],
    temperature: given.temperature,
  });
  const subject = await modelUnderTestAt(given.model!, {
    adapter: given.adapter,
    run: given.run,
    step: given.step,
  });
  const { examples, data } = await examplesAt(given, seed);
  const grader = await graderOf(given, subject);
  const prompts = evaluationPrompts(examples, limit, seed);
  makeOut(given.out);
  const withStart = given.baseline === START;
  if (withStart && !subject.trained) throw new UsageError('--baseline start needs --adapter or --run');
  const job = { subject, grader, examples: prompts, answers, sampling, seed, withStart };
  const progress = drawProgress();
  const made = await runEvaluation(new Engine(openDawn), job, progress);
  progress.clear();
  if (made.tooLong.length > 0)
    process.stderr.write(`${made.tooLong.length} prompts are too long for the model and left out\n`);
  const { temperature, maxNewTokens } = sampling;
  const about: EvaluationAbout = {
    model: given.name ?? subject.name,
    grader: graderName(job),
    data,
    answers,
    sampling: { temperature, maxNewTokens },
    seed,
    madeAt: new Date().toISOString(),
  };
  const start = { about: { model: subject.opened.report.name, grader: about.grader }, answers: made.startAnswers };
  return { answers: made.answers, about, ...(withStart && { start }) };
}

/** The examples asked for: all of one file, the held-out ones of two, or what --split says. */
async function examplesAt(given: Given, seed: number): Promise<{ examples: readonly Example[]; data: string }> {
  const data = await dataAt(given.data!, mappingOf(given.map));
  const split = given.split ?? (data.files.length > 1 ? 'heldOut' : 'all');
  const bad = data.files.reduce((sum, { problems }) => sum + problems.length, 0);
  if (bad > 0) process.stderr.write(`${bad} bad rows left out\n`);
  if (split === 'all')
    return { examples: data.files.flatMap((file) => file.examples.map(({ example }) => example)), data: data.name };
  const heldOutShare = given['held-out'];
  const sides = reportData(data, { seed, heldOutShare }).split;
  const examples = sides[split].map(({ example }) => example);
  if (examples.length === 0) throw new UsageError(`--split ${split}: no example is in it (${sides.how})`);
  return { examples, data: `${data.name}, ${split === 'train' ? 'training' : 'held-out'} examples (${sides.how})` };
}

async function graderOf(given: Given, subject: ModelUnderTest): Promise<EvaluationGrader> {
  const { grader: who, mode } = given;
  const own = given.template === undefined ? undefined : await textAt(given.template);
  const configFor = (kind: 'self' | 'frozen', { opened }: ModelUnderTest) => {
    const template = own ?? opened.graderTemplate ?? undefined;
    return graderSchema.parse({ kind, mode, ...(template && { template }) });
  };
  if (who === 'self' || who === 'frozen') return { kind: 'subject', config: configFor(who, subject) };
  if (/^https?:/i.test(who) || existsSync(join(who, 'onnx')))
    return teacherGrader(given, who, configFor('frozen', subject));
  const other = await plainModel(who);
  return { kind: 'model', subject: other, config: configFor('frozen', other) };
}

/** An OpenAI-compatible endpoint or an ONNX model. The key comes from the environment, so that it stands in no history of commands. */
async function teacherGrader(given: Given, place: string, config: GraderConfig): Promise<EvaluationGrader> {
  const teacher = await teacherAt(place, given['teacher-model']);
  const { grader, name } = await openTeacher({ ...teacher, grader: config }, { onnx: nodeOnnx });
  return {
    kind: 'outside',
    grader,
    name: teacher.config.kind === 'endpoint' ? `${name} at ${new URL(place).host}` : name,
  };
}

async function recorded(given: Given, seed: number): Promise<Answered> {
  const data = given.data ? await dataAt(given.data, mappingOf(given.map)) : null;
  const byId =
    data &&
    new Map(data.files.flatMap((file) => file.examples.map(({ example }) => [example.promptId, example] as const)));
  const source = await sourceAt(given.grades!);
  const { answers, problems } = await readRecorded(source.name, chunksOf(source), byId);
  const [first] = problems;
  if (answers.length === 0)
    throw new UsageError(`${source.name} has no usable answer${first ? `; line ${first.line}: ${first.reason}` : ''}`);
  for (const { line, reason } of problems.slice(0, 20))
    process.stderr.write(`${source.name} line ${line}: ${reason}\n`);
  if (problems.length > 0) process.stderr.write(`${problems.length} answers left out\n`);
  const graders = [...new Set(answers.flatMap(({ grader }) => grader ?? []))];
  const about: EvaluationAbout = {
    model: given.name ?? `answers in ${source.name}`,
    grader: graders.length > 0 ? graders.join(' and ') : `recorded grades of ${source.name}`,
    data: data?.name ?? source.name,
    answers: Math.round(answers.length / new Set(answers.map(({ example }) => example.promptId)).size),
    sampling: null,
    seed,
    madeAt: new Date().toISOString(),
  };
  return { answers, about };
}
