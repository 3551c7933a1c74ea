import type { EvaluatedAnswer } from '../../../domain/answerRecord';
import { EVALUATION_DEFAULTS, evaluationSettingsSchema } from '../../../evaluation/evaluationRequest';
import type { Baseline, Evaluation } from '../../../evaluation/evaluationSummary';
import { Engine } from '../../../lab/engine';
import { evaluationJob } from '../../../lab/evaluation/evaluationJob';
import { evaluateRecorded } from '../../../lab/evaluation/recordedGrades';
import { evaluateModel, leftOutText } from '../../../lab/evaluation/runEvaluation';
import { command } from '../command';
import { ADAPTER, DATA, HELD_OUT, MAP, MODE, MODEL, OUT, RUN, STEP, TEACHER_MODEL, TEMPLATE } from '../commonOptions';
import { openDawn } from '../dawn';
import { mappingOf, recordedAt } from '../input/dataAt';
import { evaluationExamplesAt, evaluationGraderAt } from '../input/evaluationInput';
import { modelUnderTestAt } from '../input/modelAt';
import { type GivenOptions, numberOption, type Options } from '../option';
import { baselineAt, EVALUATION_FILES, writeEvaluation } from '../output/evaluationFiles';
import { makeOwnOut } from '../output/outFolder';
import { printNothingGraded } from '../print/nothingGraded';
import { printEvaluation } from '../print/printEvaluation';
import { drawProgress } from '../print/progressBar';
import { printNote } from '../print/terminal';
import { UsageError } from '../usage';

const { shape: settings } = evaluationSettingsSchema;
const OPTIONS = {
  model: MODEL,
  adapter: ADAPTER,
  run: RUN,
  step: STEP,
  data: { ...DATA, help: `${DATA.help} With --run, the default is the data of the run.` },
  map: MAP,
  split: {
    type: 'choice',
    choices: ['all', 'train', 'heldOut'],
    help: 'Part of the data. Default: all of one file, the held-out examples of two files or of a run.',
  },
  'held-out': { ...HELD_OUT, default: EVALUATION_DEFAULTS.heldOutShare },
  grader: {
    type: 'text',
    placeholder: 'self|frozen|folder|gguf|url',
    default: EVALUATION_DEFAULTS.grader,
    help:
      'Grader: self (the model), frozen (its starting weights), another model, the folder of an ONNX model, or the URL of ' +
      'an OpenAI-compatible endpoint.',
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
  limit: numberOption(settings.prompts, 'Maximum number of prompts, drawn by seed.'),
  baseline: {
    type: 'text',
    placeholder: 'folder|start|none',
    help:
      'Baseline for each prompt: the folder of an earlier evaluation, start (the model without its adapter or run), or none. ' +
      'Default with an adapter or a run: start.',
  },
  name: { type: 'text', placeholder: 'text', help: 'Name of the model in the report.' },
  'max-tokens': numberOption(settings.maxNewTokens, 'Maximum answer length, in tokens.'),
  temperature: numberOption(settings.temperature, 'Sampling temperature; 0 is greedy.'),
  seed: numberOption(settings.seed, 'Random seed.'),
} as const satisfies Options;
type Given = GivenOptions<typeof OPTIONS>;

/** Scores a model's answers, or recorded grades, and writes the report. */
export const evaluate = command({
  about:
    'Scores the answers of a model, or recorded grades, as simple-evals does. Writes report.html, evaluation.json, ' +
    'answers.jsonl, criteria.jsonl, metrics.json and allresults.json.',
  options: OPTIONS,
  either: [['model', 'grades']],
  run: async (given) => {
    mappingOf(given.map);
    const { baseline: named, grades, name, seed, out } = given;
    const baseline = named === undefined || named === 'start' || named === 'none' ? undefined : await baselineAt(named);
    let result: { readonly evaluation: Evaluation; readonly answers: readonly EvaluatedAnswer[] };
    if (grades === undefined) result = await modelEvaluation(given, baseline);
    else {
      const recorded = await recordedAt(grades, given);
      const evaluation = evaluateRecorded(recorded, { name, seed, madeAt: new Date(), baseline });
      result = { evaluation, answers: recorded.answers };
    }
    await writeEvaluation(out, result.evaluation, result.answers);
    printEvaluation(result.evaluation, out);
    return printNothingGraded(result.answers.map(({ grade }) => grade)) ? 1 : 0;
  },
});

async function modelEvaluation(given: Given, baseline: Baseline | undefined) {
  if (!given.data && given.run === undefined) throw new UsageError('--data is missing');
  const requested = evaluationSettingsSchema.parse({
    split: given.split,
    heldOutShare: given['held-out'],
    mode: given.mode,
    answers: given.answers,
    prompts: given.limit,
    maxNewTokens: given['max-tokens'],
    temperature: given.temperature,
    seed: given.seed,
    withStart: given.baseline === undefined || given.baseline === 'start',
  });
  const subject = await modelUnderTestAt(given.model!, given);
  if (given.baseline === 'start' && !subject.trained) throw new UsageError('--baseline start needs --adapter or --run');
  const examples = await evaluationExamplesAt(given, requested);
  const { grader, release } = await evaluationGraderAt(given, subject, requested);
  makeOwnOut(given.out, EVALUATION_FILES);
  const job = evaluationJob(subject, grader, examples, requested);
  const [count, all] = [job.examples.length, examples.examples.length];
  if (count < all)
    printNote(`note: using ${count} of ${all} prompts, drawn by seed ${requested.seed}; raise --limit for more`);
  const progress = drawProgress();
  const about = { madeAt: new Date(), name: given.name, ...(baseline && { baseline }) };
  const result = await evaluateModel(new Engine(openDawn), job, about, progress).finally(release);
  progress.clear();
  const left = leftOutText(result);
  if (left !== '') printNote(left);
  return result;
}
