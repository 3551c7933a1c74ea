import { answerGraderName } from '../../../domain/graderName';
import { Engine } from '../../../lab/engine';
import { checkGrader as check } from '../../../lab/evaluation/checkGrader';
import { completeRecipe } from '../../../lab/run/completeRecipe';
import { openTeacher } from '../../../lab/teacher/teacherKinds';
import { command } from '../command';
import { ADAPTER, DATA, MAP, MODEL, SEED, TEACHER_MODEL, TEACHER_PLACES, TEMPLATE } from '../commonOptions';
import { openDawn } from '../dawn';
import { examplesAt, mappingOf, recordedAt } from '../input/dataAt';
import { optionalTextAt } from '../input/files';
import { mergedModelAt } from '../input/modelAt';
import { recipeAt } from '../input/recipeAt';
import { teacherAt } from '../input/teacherAt';
import { nodeOnnx } from '../nodePlatform';
import type { GivenOptions, Options } from '../option';
import { printGraderCheck } from '../print/printGraderCheck';
import { drawProgress } from '../print/progressBar';
import { printJson } from '../print/terminal';
import { openProbeThread } from '../probeThread';

const OPTIONS = {
  model: { ...MODEL, required: true },
  adapter: ADAPTER,
  data: { ...DATA, required: true },
  map: MAP,
  verdicts: { type: 'text', placeholder: 'file', help: 'Recorded verdicts on answers to prompts of --data.' },
  config: { type: 'text', placeholder: 'file', help: 'Recipe (JSON) with the grader’s settings.' },
  teacher: { type: 'text', placeholder: 'folder|url|file', help: `Check a teacher instead: ${TEACHER_PLACES}.` },
  'teacher-model': TEACHER_MODEL,
  template: TEMPLATE,
  pairs: { type: 'number', min: 2, max: 5000, default: 48, help: 'Maximum number of pairs of answers.' },
  json: { type: 'flag', help: 'Print the check as JSON.' },
  seed: { ...SEED, default: 1 },
} as const satisfies Options;
type Given = GivenOptions<typeof OPTIONS>;

/** Whether a grader can tell answers apart that differ. Exit code 3 lets a script stop before a run. */
export const checkGrader = command({
  about:
    'Checks before a run whether its grader scores an answer that meets a criterion higher than one that does not: ' +
    'recorded verdicts where there are any, else ideal answers beside those to other prompts. Prints the share of pairs ' +
    'that are right with its 95 % interval, beside length and word overlap. The exit code is 3 at chance.',
  options: OPTIONS,
  run,
});

async function run(given: Given): Promise<number> {
  const examples = await examplesAt(given.data, mappingOf(given.map));
  const recorded = given.verdicts === undefined ? [] : (await recordedAt(given.verdicts, given)).answers;
  const template = await optionalTextAt(given.template);
  const subject = await mergedModelAt(given.model, { adapter: given.adapter });
  const { grader: config } = completeRecipe(await recipeAt(given.config, { template }), subject.opened);
  const teacher =
    given.teacher === undefined
      ? null
      : await openTeacher(
          { ...(await teacherAt(given.teacher, given['teacher-model'])), grader: config },
          { onnx: nodeOnnx, openProbeThread },
        );
  const progress = drawProgress();
  const job = {
    examples,
    recorded,
    config,
    pairs: given.pairs,
    seed: given.seed,
    name: teacher ? teacher.name : `${subject.name}, ${answerGraderName({ ...config, kind: 'frozen' }, undefined)}`,
  };
  const result = await check(new Engine(openDawn), teacher?.grader ?? subject, job, progress);
  teacher?.release();
  progress.clear();
  if (given.json) printJson(result);
  else printGraderCheck(result);
  return result.result === 'chance' ? 3 : 0;
}
