import { warnings } from '../../../domain/recipe/problems';
import type { RunSummary } from '../../../domain/run';
import { Engine } from '../../../lab/engine';
import type { RunContext } from '../../../lab/run/runContext';
import { continueRun, startRun } from '../../../lab/run/startRun';
import type { RunStore } from '../../../storage/runStore';
import { command } from '../command';
import { ADAPTER, DATA, MAP, MODEL, OUT, SEED, TEACHER_MODEL, TEACHER_PLACES, TEMPLATE } from '../commonOptions';
import { openDawn } from '../dawn';
import { dataAt, mappingOf } from '../input/dataAt';
import { optionalTextAt } from '../input/files';
import { modelAt } from '../input/modelAt';
import { recipeAt } from '../input/recipeAt';
import { checkCanContinue, stepToContinue, storeOf, withModelAt } from '../input/runFolder';
import { teacherAt, withTeacher } from '../input/teacherAt';
import { nodePlatform } from '../nodePlatform';
import type { GivenOptions, Options } from '../option';
import { makeOwnOut } from '../output/outFolder';
import { printProblems } from '../print/problems';
import { RunReporter } from '../print/runReporter';
import { printNote } from '../print/terminal';
import { UsageError } from '../usage';

const OPTIONS = {
  model: { ...MODEL, required: true },
  adapter: ADAPTER,
  data: { ...DATA, help: 'Rubric file (JSONL). Give the full and the hard file to hold out the hard examples.' },
  map: MAP,
  out: { ...OUT, help: 'Folder of the run.' },
  config: {
    type: 'text',
    placeholder: 'file',
    help: 'Recipe as a JSON object. Missing settings have their defaults; the command recipe lists them.',
  },
  template: TEMPLATE,
  steps: { type: 'number', min: 1, help: 'Training steps; overrides --config. With --resume: the new total.' },
  seed: { ...SEED, help: 'Random seed; overrides --config.' },
  teacher: {
    type: 'text',
    placeholder: 'folder|url|file',
    help: `Teacher that grades instead of the model, or grades the share that --config sets (grader.kind mixed): ${TEACHER_PLACES}.`,
  },
  'teacher-model': TEACHER_MODEL,
  resume: { type: 'flag', help: 'Continue from the newest complete checkpoint with the saved recipe and data.' },
  step: {
    type: 'number',
    min: 0,
    help: 'Step of the checkpoint that --resume continues from; later steps are repeated.',
  },
} as const satisfies Options;
type Given = GivenOptions<typeof OPTIONS>;

/** Trains and prints a line per step. */
export const train = command({
  about:
    'Trains a model and writes config.json, metrics.jsonl, rollouts/step-N.jsonl and checkpoints/. Ctrl-C stops and saves. ' +
    'A full disk ends the run with exit code 3.',
  options: OPTIONS,
  run,
});

/** Exit code of a run that a full disk ended. */
const DISK_FULL = 3;

async function run(given: Given): Promise<number> {
  const mapping = mappingOf(given.map);
  const { steps, seed, out } = given;
  const template = await optionalTextAt(given.template);
  const teacher = given.teacher === undefined ? null : await teacherAt(given.teacher, given['teacher-model']);
  const config = withTeacher(await recipeAt(given.config, { steps, seed, template }), teacher);
  const { store, runId } = storeOf(out);
  const found = await savedRun(given, store, runId);
  const opened = await modelAt(given.model, given.adapter);
  const saved = found && (await withModelAt(store, found, opened));

  const from = saved ? await stepToContinue({ store, summary: saved }, given.step) : 0;
  const total = saved ? (steps ?? saved.steps) : config.steps;
  if (saved) {
    checkCanContinue(saved, from, steps);
    const repeated = from === 0 && saved.step > 0 ? `no complete checkpoint, repeating ${saved.step} steps; ` : '';
    printNote(`${repeated}continuing after step ${from} with the saved recipe and data`);
  }
  for (const text of warnings(saved ? saved.config : config)) printNote(`note: ${text}`);
  const data = saved ? undefined : await dataAt(given.data!, mapping);
  printProblems(data?.files.flatMap(({ problems }) => problems) ?? [], 'bad rows');

  if (!saved) makeOwnOut(out);
  const { platform, release } = nodePlatform(out);
  const reporter = new RunReporter(from, total, saved ? saved.config : config);
  const engine = new Engine(openDawn);
  const notify: RunContext['notify'] = (notice) => reporter.notice(notice);
  const context: RunContext = { platform, engine, store, teacherAccess: teacher, notify };
  const session = saved
    ? await continueRun(context, opened, saved, from, total)
    : await startRun(context, opened, data!, config, { runId, name: runId });

  const onInterrupt = () => {
    printNote('stopping and saving; press Ctrl-C again to quit at once');
    process.once('SIGINT', () => process.exit(130));
    session.stop();
  };
  process.once('SIGINT', onInterrupt);
  const ended = await session.drive();
  process.off('SIGINT', onInterrupt);
  release();
  reporter.summary(ended, engine.peakBytes);
  if (ended.status === 'diskFull') return DISK_FULL;
  return ended.status === 'finished' || ended.status === 'stopped' ? 0 : 1;
}

/** The run that --resume continues; null for a new run. Throws UsageError when the options do not fit the folder. */
async function savedRun(given: Given, store: RunStore, runId: string): Promise<RunSummary | null> {
  const saved = await store.loadRun(runId);
  if (saved && !given.resume)
    throw new UsageError(`${given.out} already has a run: add --resume, or choose another folder`);
  if (!saved && given.resume) throw new UsageError(`${given.out} has no run to resume`);
  if (!saved && !given.data) throw new UsageError('--data is missing');
  if (given.step !== undefined && !given.resume) throw new UsageError('--step needs --resume');
  return saved;
}
