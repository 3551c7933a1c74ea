import type { StepMetrics } from '../../../domain/metrics/metrics';
import { warnings } from '../../../domain/recipe/problems';
import type { RunSummary } from '../../../domain/run';
import { Engine } from '../../../lab/engine';
import type { RunContext } from '../../../lab/run/runContext';
import { continueRun, startRun } from '../../../lab/run/startRun';
import type { Notice } from '../../../protocol/notices';
import { command } from '../command';
import { ADAPTER, DATA, MAP, MODEL, OUT, SEED, TEACHER_MODEL, TEACHER_PLACES, TEMPLATE } from '../commonOptions';
import { openDawn } from '../dawn';
import { failureLine } from '../failureLine';
import { dataAt, mappingOf, modelAt, textAt } from '../input';
import { nodePlatform } from '../nodePlatform';
import type { GivenOptions, Options } from '../option';
import { makeRunOut } from '../outFolder';
import { duration, ProgressBar } from '../progressBar';
import { recipeAt } from '../recipeAt';
import { checkGoesOn, checkpointOf, newestWholeAt, type RunFolder, storeOf, withModelAt } from '../runFolder';
import { teacherAt, withTeacher } from '../teacherAt';
import { UsageError } from '../usage';

const OPTIONS = {
  model: { ...MODEL, required: true },
  adapter: ADAPTER,
  data: { ...DATA, help: 'Rubric JSONL. Give it twice for the full and the hard file: hard examples are held out.' },
  map: MAP,
  out: { ...OUT, help: 'Folder of the run.' },
  config: {
    type: 'text',
    placeholder: 'file',
    help: 'Recipe as a JSON object; settings that it leaves out have their defaults. The command recipe lists them.',
  },
  template: TEMPLATE,
  steps: { type: 'number', min: 1, help: 'Training steps, over --config; in all, with --resume.' },
  seed: { ...SEED, help: 'Random seed, over --config.' },
  teacher: {
    type: 'text',
    placeholder: 'folder|url|file',
    help: `Grades instead of the model, or the share that --config says (grader.kind mixed): ${TEACHER_PLACES}.`,
  },
  'teacher-model': TEACHER_MODEL,
  resume: { type: 'flag', help: 'Continue from the newest whole checkpoint, with the recipe and data of the run.' },
  step: { type: 'number', min: 0, help: 'Checkpoint that --resume continues from; later steps are made anew.' },
} as const satisfies Options;

/** Bad rows that are named one by one. */
const LISTED = 20;

/** Trains, and prints a line a step. Resolves with the exit code. */
export const train = command({
  about:
    'Trains and writes config.json, metrics.jsonl, rollouts/step-N.jsonl and checkpoints/. Ctrl-C stops and saves.',
  options: OPTIONS,
  run,
});

async function run(given: GivenOptions<typeof OPTIONS>): Promise<number> {
  const mapping = mappingOf(given.map);
  const { steps, seed } = given;
  const template = given.template === undefined ? undefined : await textAt(given.template);
  const teacher = given.teacher === undefined ? null : await teacherAt(given.teacher, given['teacher-model']);
  const config = withTeacher(await recipeAt(given.config, { steps, seed, template }), teacher);
  const { store, runId } = storeOf(given.out);
  let kept = await store.loadRun(runId);
  if (kept && !given.resume)
    throw new UsageError(`${given.out} holds a run already: add --resume, or choose another folder`);
  if (!kept && given.resume) throw new UsageError(`${given.out} holds no run to resume`);
  if (!kept && !given.data) throw new UsageError('--data is missing');
  if (given.step !== undefined && !given.resume) throw new UsageError('--step needs --resume');
  const opened = await modelAt(given.model, given.adapter);
  if (kept) kept = await withModelAt(store, kept, opened);

  const from = kept ? await stepToContinue({ store, summary: kept }, given.step) : 0;
  if (kept) {
    checkGoesOn(kept, from, steps);
    const again = from === 0 && kept.step > 0 ? `there is no whole checkpoint: ${kept.step} steps are made anew; ` : '';
    process.stderr.write(
      `${again}going on after step ${from} with the config and data that the run was started with\n`,
    );
  }

  for (const text of warnings(kept ? kept.config : config)) process.stderr.write(`note: ${text}\n`);
  const data = kept ? undefined : await dataAt(given.data!, mapping);
  const bad = data?.files.flatMap(({ problems }) => problems) ?? [];
  for (const { file, line, reason } of bad.slice(0, LISTED)) process.stderr.write(`${file} line ${line}: ${reason}\n`);
  if (bad.length > 0) process.stderr.write(`${bad.length} bad rows left out\n`);

  if (!kept) makeRunOut(given.out);
  const { platform, release } = nodePlatform(given.out);
  const reporter = new Reporter(from, kept ? (steps ?? kept.steps) : config.steps);
  const engine = new Engine(openDawn);
  const notify = (notice: Notice) => reporter.notice(notice);
  const context: RunContext = { platform, engine, store, givenTeacher: teacher, notify };
  const session = kept
    ? await continueRun(context, opened, kept, from, steps ?? kept.steps)
    : await startRun(context, opened, data!, config, { runId, name: runId });

  const onInterrupt = () => {
    process.stderr.write('\nstopping and saving; press again to leave at once\n');
    process.once('SIGINT', () => process.exit(130));
    session.stop();
  };
  process.once('SIGINT', onInterrupt);
  const ended = await session.drive();
  process.off('SIGINT', onInterrupt);
  release();
  reporter.summary(ended, engine.peakBytes);
  return ended.status === 'finished' || ended.status === 'stopped' ? 0 : 1;
}

/** The step of the wanted checkpoint, or of the newest whole one; 0 when none is. */
const stepToContinue = async (run: RunFolder, step: number | undefined): Promise<number> =>
  step === undefined
    ? ((await newestWholeAt(run.store, run.summary))?.step ?? 0)
    : step === 0
      ? 0
      : (await checkpointOf(run, step)).step;

/** Prints what a run says of itself. */
class Reporter {
  private readonly bar = new ProgressBar();
  private readonly metrics: StepMetrics[] = [];

  /** `from`: the steps that were done before. */
  constructor(
    private readonly from: number,
    private readonly steps: number,
  ) {}

  notice(notice: Notice): void {
    if (notice.type === 'progress') {
      this.bar.draw(notice, this.steps);
      return;
    }
    this.bar.clear();
    if (notice.type === 'warmStep') {
      const { step, steps, loss, grad_norm, step_time } = notice.warm;
      process.stdout.write(
        `warm start ${step}/${steps}  loss ${loss.toFixed(4)}  grad ${grad_norm.toFixed(3)}  ${duration(step_time)}\n`,
      );
    }
    if (notice.type === 'step') this.step(notice.metrics, notice.secondsLeft);
    if (notice.type === 'stepChecked') checked(notice.metrics);
    if (notice.type === 'failed') process.stderr.write(`${failureLine(notice.failure)}\n`);
    if (notice.type === 'dataReported') {
      const { problems, split } = notice.data;
      process.stderr.write(
        `${split.train} prompts to train on; ${problems.length} rows left out, e.g. ${problems[0]!.reason}\n`,
      );
    }
  }

  private step(metrics: StepMetrics, secondsLeft: number | null): void {
    if (metrics.step > this.from) this.metrics.push(metrics);
    const parts = [
      `step ${metrics.step}/${this.steps}`,
      `reward ${number(metrics.reward, 3)} ± ${number(metrics.reward_std, 3)}`,
      ...(metrics['reward/true'] === null ? [] : [`true ${number(metrics['reward/true'], 3)}`]),
      `length ${number(metrics['completions/mean_length'], 0)}`,
      `yes ${number(metrics['grader/yes_rate'], 2)}`,
      `loss ${number(metrics.loss, 4)}`,
      `grad ${number(metrics.grad_norm, 3)}`,
      `|Δlogp| ${(metrics['sampling/sampling_logp_difference/mean'] ?? 0).toExponential(1)}`,
      duration(metrics.step_time ?? 0),
      ...(secondsLeft ? [`${duration(secondsLeft)} left`] : []),
    ];
    process.stdout.write(`${parts.join('  ')}\n`);
  }

  summary({ status, step, steps }: RunSummary, peakBytes: number): void {
    const seconds = (key: 'time/rollout' | 'time/grade' | 'time/update') =>
      duration(this.metrics.reduce((sum, line) => sum + (line[key] ?? 0), 0));
    process.stdout.write(
      `${status} after step ${step} of ${steps} · answering ${seconds('time/rollout')}, grading ${seconds('time/grade')}, ` +
        `learning ${seconds('time/update')} · peak GPU memory ${(peakBytes / 1e6).toFixed(0)} MB\n`,
    );
  }
}

const number = (value: number | null, digits: number): string => (value === null ? '–' : value.toFixed(digits));

/** The line of an evaluation; the probes of the grader are in metrics.jsonl. */
function checked(metrics: StepMetrics): void {
  if (metrics['eval/frozen_score'] === null) return;
  const [low, high] = [number(metrics['eval/score_low'], 2), number(metrics['eval/score_high'], 2)];
  process.stdout.write(
    `step ${metrics.step}  held-out ${number(metrics['eval/frozen_score'], 3)} (${low}…${high}, frozen grader)\n`,
  );
}
