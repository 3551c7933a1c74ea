import { type GraderConfig, graderSchema } from '../../../domain/recipe/grader';
import { rubricReward } from '../../../domain/reward';
import type { Rollout } from '../../../domain/rollout';
import { phaseOf } from '../../../domain/workContext';
import type { Grader } from '../../../grading/grader';
import { Engine } from '../../../lab/engine';
import { openModelGrader } from '../../../lab/evaluation/gradeGiven';
import { openTeacher } from '../../../lab/teacher/teacherKinds';
import { command } from '../command';
import { ADAPTER, DATA, MAP, MODE, MODEL, SEED, TEACHER_MODEL, TEACHER_PLACES, TEMPLATE } from '../commonOptions';
import { openDawn } from '../dawn';
import { completionsAt, examplesAt, mappingOf } from '../input/dataAt';
import { optionalTextAt } from '../input/files';
import { mergedModelAt } from '../input/modelAt';
import { teacherAt } from '../input/teacherAt';
import { nodeOnnx } from '../nodePlatform';
import type { GivenOptions, Options } from '../option';
import { printNothingGraded } from '../print/nothingGraded';
import { printScore } from '../print/printEvaluation';
import { drawProgress } from '../print/progressBar';
import { printJson } from '../print/terminal';
import { openProbeThread } from '../probeThread';

const OPTIONS = {
  model: MODEL,
  adapter: ADAPTER,
  data: { ...DATA, required: true },
  map: MAP,
  completions: {
    type: 'text',
    placeholder: 'file',
    required: true,
    help: 'Answers to grade, {"prompt_id": …, "completion": …} per line.',
  },
  grader: { type: 'text', placeholder: 'folder|url|file', help: `Teacher: ${TEACHER_PLACES}.` },
  'teacher-model': TEACHER_MODEL,
  mode: MODE,
  template: TEMPLATE,
  seed: { ...SEED, default: 1 },
} as const satisfies Options;
type Given = GivenOptions<typeof OPTIONS>;

/** Grades answers from a file with a model or a teacher, and prints grades and scores. */
export const grade = command({
  about:
    'Grades answers with a model or a teacher. Prints the grades, one JSON object per line, and the score on stderr.',
  options: OPTIONS,
  either: [['model', 'grader']],
  run: async (given) => {
    const examples = await examplesAt(given.data, mappingOf(given.map));
    const rollouts = await completionsAt(given.completions, examples);
    const progress = drawProgress();
    const grader =
      given.grader === undefined ? await modelGrader(given, rollouts, progress) : await teacherGrader(given);
    const grades = await grader.grade(rollouts, { seed: given.seed }, phaseOf(progress, 'grade'));
    progress.clear();

    rollouts.forEach(({ example, completion }, i) => {
      const criteria = example.rubrics.map(({ criterion, points, check }, c) => {
        const own = grades[i]![c]!;
        return { criterion, points, ...own, ...(own.by === 'program' && { check }) };
      });
      const reward = rubricReward(example.rubrics, grades[i]!, 'leftOut');
      printJson({ prompt_id: example.promptId, completion, reward, criteria });
    });
    printScore(rollouts.map(({ example }, i) => ({ example, grade: grades[i]! })));
    return printNothingGraded(grades) ? 1 : 0;
  },
});

async function modelGrader(
  given: Given,
  rollouts: readonly Rollout[],
  progress: ReturnType<typeof drawProgress>,
): Promise<Grader> {
  const subject = await mergedModelAt(given.model!, { adapter: given.adapter });
  const config = await graderConfig(given, 'frozen', subject.opened.graderTemplate);
  return openModelGrader(new Engine(openDawn), subject, rollouts, config, progress);
}

async function teacherGrader(given: Given): Promise<Grader> {
  const teacher = await teacherAt(given.grader!, given['teacher-model']);
  const source = { ...teacher, grader: await graderConfig(given, 'teacher', null) };
  return (await openTeacher(source, { onnx: nodeOnnx, openProbeThread })).grader;
}

async function graderConfig(
  { mode, template: path }: Given,
  kind: 'frozen' | 'teacher',
  own: string | null,
): Promise<GraderConfig> {
  const template = (await optionalTextAt(path)) ?? own;
  return graderSchema.parse({ kind, mode, ...(template !== null && { template }) });
}
