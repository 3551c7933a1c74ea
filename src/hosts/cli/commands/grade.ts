import { z } from 'zod';
import { type GraderConfig, graderSchema } from '../../../domain/recipe/grader';
import { rubricReward } from '../../../domain/reward';
import type { Rollout } from '../../../domain/rollout';
import { healthBenchScores } from '../../../evaluation/scores';
import type { Grader } from '../../../grading/grader';
import { ModelGrader } from '../../../grading/policyGrader';
import { openTeacher } from '../../../lab/teacher/teacherKinds';
import { promptTokens } from '../../../rl/transformerPolicy';
import { command } from '../command';
import { ADAPTER, DATA, MAP, MODE, MODEL, SEED, TEACHER_MODEL, TEACHER_PLACES, TEMPLATE } from '../commonOptions';
import { openForInference } from '../inference';
import { dataAt, jsonLinesAt, mappingOf, modelAt, textAt } from '../input';
import { nodeOnnx } from '../nodePlatform';
import { sayNothingGraded } from '../nothingGraded';
import type { GivenOptions, Options } from '../option';
import { ProgressBar } from '../progressBar';
import { teacherAt } from '../teacherAt';
import { UsageError } from '../usage';

const OPTIONS = {
  model: MODEL,
  adapter: ADAPTER,
  data: { ...DATA, required: true },
  map: MAP,
  completions: {
    type: 'text',
    placeholder: 'file',
    required: true,
    help: 'Answers to grade, {"prompt_id": …, "completion": …} a line.',
  },
  grader: { type: 'text', placeholder: 'folder|url|file', help: `Teacher: ${TEACHER_PLACES}.` },
  'teacher-model': TEACHER_MODEL,
  mode: MODE,
  template: TEMPLATE,
  seed: { ...SEED, default: 1 },
} as const satisfies Options;

const completionSchema = z.object({ prompt_id: z.string(), completion: z.string() });

/** Grades given answers with the model as it is in its files, or with a teacher, and prints verdicts and scores. */
export const grade = command({
  about:
    'Grades answers with a model or a teacher. Prints the grades, one JSON object a line; the score goes to stderr.',
  options: OPTIONS,
  either: [['model', 'grader']],
  run,
});

async function run(given: GivenOptions<typeof OPTIONS>): Promise<number> {
  const mapping = mappingOf(given.map);
  const { seed } = given;

  const { files } = await dataAt(given.data, mapping);
  const byId = new Map(
    files.flatMap((file) => file.examples.map(({ example }) => [example.promptId, example] as const)),
  );
  const answers = (await jsonLinesAt(given.completions)).map((line, i) => {
    const parsed = completionSchema.safeParse(line);
    if (!parsed.success) throw new UsageError(`${given.completions} line ${i + 1} needs prompt_id and completion`);
    const example = byId.get(parsed.data.prompt_id);
    if (!example) throw new UsageError(`${given.completions} line ${i + 1}: the data has no ${parsed.data.prompt_id}`);
    return { example, completion: parsed.data.completion };
  });
  if (answers.length === 0) throw new UsageError(`${given.completions} has no line`);

  const rollouts = answers.map(({ example, completion }, group): Rollout => {
    const none = new Float32Array();
    const unused = {
      tokens: new Int32Array(),
      promptLength: 0,
      logprobs: none,
      entropies: none,
      finish: 'stop' as const,
    };
    return { example, group, completion, ...unused };
  });
  const grader = given.grader === undefined ? await modelGrader(given, rollouts) : await teacherGrader(given);
  const bar = new ProgressBar();
  const onProgress = (done: number, total: number) =>
    bar.draw({ phase: 'grade', label: 'Grading', done, total, secondsLeft: null, step: null });
  const grades = await grader.grade(rollouts, { seed }, { onProgress });
  bar.clear();

  answers.forEach(({ example, completion }, i) => {
    const criteria = example.rubrics.map(({ criterion, points }, c) => ({ criterion, points, ...grades[i]![c]! }));
    const reward = rubricReward(example.rubrics, grades[i]!, 'leftOut');
    process.stdout.write(`${JSON.stringify({ prompt_id: example.promptId, completion, reward, criteria })}\n`);
  });
  const { overall, ungraded } = healthBenchScores(answers.map(({ example }, i) => ({ example, grade: grades[i]! })));
  const score =
    overall.n > 0
      ? `score ${overall.mean.toFixed(4)} ± ${overall.bootstrapStd.toFixed(4)} over ${overall.n} answers`
      : 'no answer could be scored';
  process.stderr.write(`${score}, ${ungraded} criteria ungraded\n`);
  return sayNothingGraded(grades) ? 1 : 0;
}

type Given = GivenOptions<typeof OPTIONS>;

async function graderConfig(
  { mode, template }: Given,
  kind: 'frozen' | 'teacher',
  own: string | null,
): Promise<GraderConfig> {
  const prompt = template === undefined ? own : await textAt(template);
  return graderSchema.parse({ kind, mode, ...(prompt !== null && { template: prompt }) });
}

async function modelGrader(given: Given, rollouts: readonly Rollout[]): Promise<Grader> {
  const opened = await modelAt(given.model!, given.adapter);
  const config = await graderConfig(given, 'frozen', opened.graderTemplate);
  const lengths = rollouts.map(
    ({ example, completion }) =>
      promptTokens(opened.text, example.prompt).length + opened.text.encode(completion).length,
  );
  const { model } = await openForInference(
    opened,
    {
      promptsPerStep: Math.min(16, rollouts.length),
      groupSize: 1,
      maxPromptTokens: Math.max(16, ...lengths),
      sampling: { maxNewTokens: 1 },
      grader: config,
      optimizer: { microBatchTokens: 16 },
    },
    rollouts.map(({ example }) => example),
  );
  return new ModelGrader(model, opened.text, config);
}

async function teacherGrader(given: Given): Promise<Grader> {
  const teacher = await teacherAt(given.grader!, given['teacher-model']);
  const source = { ...teacher, grader: await graderConfig(given, 'teacher', null) };
  return (await openTeacher(source, { onnx: nodeOnnx })).grader;
}
