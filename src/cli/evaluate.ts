import { graderSchema, type Sampling, samplingSchema } from '../config/run';
import { evaluationPrompts } from '../rl/evaluate';
import type { EvaluatedAnswer } from '../rubric/answerRecord';
import { type Evaluation, type EvaluationAbout, summarise } from '../rubric/evaluationSummary';
import type { Example } from '../rubric/example';
import { readRecorded } from '../rubric/recordedFile';
import { Engine } from '../worker/engine';
import { type EvaluationGrader, graderName, runEvaluation } from '../worker/evaluation';
import { chunksOf, reportData } from '../worker/openData';
import type { Subject } from '../worker/subject';
import { openDawn } from './dawn';
import { baselineAt, writeEvaluation } from './evaluationFiles';
import { dataAt, sourceAt, textAt } from './input';
import { mappingOf } from './prepare';
import { printEvaluation } from './printEvaluation';
import { drawProgress } from './progressBar';
import { plainSubject, subjectAt } from './subjectAt';
import { choiceOption, numberOption, parseOptions, UsageError } from './usage';

const OPTIONS = {
  model: { type: 'string' },
  adapter: { type: 'string' },
  run: { type: 'string' },
  step: { type: 'string' },
  data: { type: 'string', multiple: true },
  map: { type: 'string' },
  split: { type: 'string' },
  grader: { type: 'string' },
  mode: { type: 'string' },
  template: { type: 'string' },
  grades: { type: 'string' },
  out: { type: 'string' },
  answers: { type: 'string' },
  limit: { type: 'string' },
  baseline: { type: 'string' },
  name: { type: 'string' },
  'max-tokens': { type: 'string' },
  temperature: { type: 'string' },
  'held-out': { type: 'string' },
  seed: { type: 'string' },
} as const;
type Given = ReturnType<typeof parseOptions<typeof OPTIONS>>;

/** Scores a model's answers, or recorded grades, and writes the report. */
export async function evaluate(args: readonly string[]): Promise<number> {
  const given = parseOptions(args, OPTIONS, ['out']);
  if ((given.model === undefined) === (given.grades === undefined))
    throw new UsageError('give either --model or --grades');
  const seed = numberOption('seed', given.seed, { min: 0, max: 0xffffffff }) ?? 1;
  const baseline = given.baseline === undefined ? undefined : await baselineAt(given.baseline);
  const [answers, about] = given.grades === undefined ? await answered(given, seed) : await recorded(given, seed);
  const evaluation: Evaluation = summarise(answers, about, baseline);
  await writeEvaluation(given.out!, evaluation, answers);
  printEvaluation(evaluation, given.out!);
  return 0;
}

async function answered(given: Given, seed: number): Promise<[EvaluatedAnswer[], EvaluationAbout]> {
  if (!given.data) throw new UsageError('--data is missing');
  const answers = numberOption('answers', given.answers, { min: 1, max: 64 }) ?? 1;
  const limit = numberOption('limit', given.limit, { min: 1 }) ?? Number.POSITIVE_INFINITY;
  const sampling: Sampling = samplingSchema.parse({
    maxNewTokens: numberOption('max-tokens', given['max-tokens'], { min: 1, max: 32768 }),
    temperature: numberOption('temperature', given.temperature, { min: 0, max: 5, whole: false }),
  });
  const subject = await subjectAt(given.model!, {
    adapter: given.adapter,
    run: given.run,
    step: numberOption('step', given.step, { min: 0 }),
  });
  const { examples, data } = await examplesAt(given, seed);
  const grader = await graderOf(given, subject);
  const job = { subject, grader, examples: evaluationPrompts(examples, limit, seed), answers, sampling, seed };
  const progress = drawProgress();
  const { answers: made, tooLong } = await runEvaluation(new Engine(openDawn), job, progress);
  progress.clear();
  if (tooLong.length > 0) process.stderr.write(`${tooLong.length} prompts are too long for the model and left out\n`);
  const { temperature, maxNewTokens } = sampling;
  const about = { answers, data, seed, sampling: { temperature, maxNewTokens }, madeAt: new Date().toISOString() };
  return [made, { ...about, model: given.name ?? subject.name, grader: graderName(job) }];
}

/** The examples asked for: all of one file, the held-out ones of two, or what --split says. */
async function examplesAt(given: Given, seed: number): Promise<{ examples: readonly Example[]; data: string }> {
  const data = await dataAt(given.data!, mappingOf(given.map));
  const split =
    choiceOption('split', given.split, ['all', 'train', 'heldOut']) ?? (data.files.length > 1 ? 'heldOut' : 'all');
  const bad = data.files.reduce((sum, { problems }) => sum + problems.length, 0);
  if (bad > 0) process.stderr.write(`${bad} bad rows left out\n`);
  if (split === 'all')
    return { examples: data.files.flatMap((file) => file.examples.map(({ example }) => example)), data: data.name };
  const heldOutShare = numberOption('held-out', given['held-out'], { min: 0, max: 0.9, whole: false }) ?? 0.1;
  const sides = reportData(data, { seed, heldOutShare }).split;
  const examples = sides[split].map(({ example }) => example);
  if (examples.length === 0) throw new UsageError(`--split ${split}: no example is in it (${sides.how})`);
  return { examples, data: `${data.name}, ${split === 'train' ? 'training' : 'held-out'} examples (${sides.how})` };
}

async function graderOf(given: Given, subject: Subject): Promise<EvaluationGrader> {
  const who = given.grader ?? 'self';
  const mode = choiceOption('mode', given.mode, ['json', 'forced', 'verdict']);
  const own = given.template === undefined ? undefined : await textAt(given.template);
  const configFor = (kind: 'self' | 'frozen', { opened }: Subject) => {
    const template = own ?? opened.graderTemplate ?? undefined;
    return graderSchema.parse({ kind, ...(mode && { mode }), ...(template && { template }) });
  };
  if (who === 'self' || who === 'frozen') return { kind: 'subject', config: configFor(who, subject) };
  const other = await plainSubject(who);
  return { kind: 'model', subject: other, config: configFor('frozen', other) };
}

async function recorded(given: Given, seed: number): Promise<[EvaluatedAnswer[], EvaluationAbout]> {
  const data = given.data ? await dataAt(given.data, mappingOf(given.map)) : null;
  const byId =
    data &&
    new Map(data.files.flatMap((file) => file.examples.map(({ example }) => [example.promptId, example] as const)));
  const source = await sourceAt(given.grades!);
  const { answers, problems } = await readRecorded(source.name, chunksOf(source), byId);
  for (const { line, reason } of problems.slice(0, 20))
    process.stderr.write(`${source.name} line ${line}: ${reason}\n`);
  if (problems.length > 0) process.stderr.write(`${problems.length} answers left out\n`);
  if (answers.length === 0) throw new UsageError(`${source.name} has no usable answer`);
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
  return [answers, about];
}
