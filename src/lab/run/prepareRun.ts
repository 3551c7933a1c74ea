import { nothingPasses } from '../../data/filterWords';
import type { LabelledVerdict } from '../../data/labelledVerdicts';
import type { LocatedExample } from '../../data/parse';
import { notTrainedOn } from '../../data/split';
import type { DataReport, RowProblem } from '../../domain/dataReport';
import type { Example } from '../../domain/example';
import { savedRecipeSchema } from '../../domain/recipe/recipe';
import { withAddress } from '../../domain/recipe/teacherAddress';
import type { RunSummary } from '../../domain/run';
import { shortId } from '../../random';
import { periodicPrompts } from '../../rl/periodicEvaluation';
import { type OpenData, reportData } from '../data/openData';
import { LabError } from '../failures';
import { type MemoryNeeds, memoryNeeds } from '../models/memoryNeeds';
import type { OpenModel } from '../models/openModel';
import { ProgressMeter } from '../progress';
import { teacherOf } from '../teacher/runTeacher';
import type { TeacherSource } from '../teacher/teacherKinds';
import { completeRecipe } from './completeRecipe';
import { checkGradingFits, fittingExamples } from './fittingExamples';
import type { RunContext } from './runContext';
import { loadRunData } from './runData';
import { loadLabelledVerdicts, warmStartVerdicts } from './warmStartData';

/** A run that is checked and can be opened. Nothing of it is saved, locked or on the device yet. */
export interface PreparedRun {
  /** With the complete recipe. */
  readonly run: RunSummary;
  readonly opened: OpenModel;
  readonly needs: MemoryNeeds;
  readonly teacher: TeacherSource | null;
  readonly from: RunOrigin;
  /** Held-out prompts of the periodic evaluation; empty when it is off. */
  readonly periodicPrompts: readonly Example[];
  /** Verdicts that a warm start learns from. */
  readonly verdicts: readonly LabelledVerdict[];
}

export type RunOrigin =
  /** Rows of the open data, whose rubrics may still have to be written. */
  | {
      readonly kind: 'data';
      readonly located: readonly LocatedExample[];
      readonly heldOut: readonly Example[];
      readonly reportWithout: (rows: readonly RowProblem[]) => DataReport;
    }
  /** The run's own data, and the checkpoint of a step; step 0 may have none. */
  | { readonly kind: 'checkpoint'; readonly step: number; readonly examples: readonly Example[] };

/**
 * A new run of the open model and data. Throws what is wrong with the recipe, LabError needsFiles when its teacher was
 * not given, and an AbortError on abort.
 */
export async function prepareRun(
  { platform, store, notify, teacherAccess, signal }: RunContext,
  opened: OpenModel,
  data: OpenData,
  requested: unknown,
  named?: { readonly runId: string; readonly name: string },
): Promise<PreparedRun> {
  const recipe = withAddress(completeRecipe(requested, opened), teacherAccess?.config);
  const teacher = teacherOf(recipe, teacherAccess, opened);
  const { split, report, reportWithout } = reportData(data, recipe);
  if (split.train.length === 0) throw nothingToTrainOn(report);
  const meter = new ProgressMeter((work) => notify({ type: 'progress', ...work }), platform.now);
  const onProgress = (done: number, total: number) =>
    meter.report('opening', done, total, null, 'Measuring the prompts');
  const { fitting, tooLong } = await fittingExamples(split.train, recipe, opened, { onProgress, signal });
  if (tooLong.length > 0) notify({ type: 'dataReported', data: reportWithout(tooLong) });
  const examples = fitting.map(({ example }) => example);
  const heldOut = split.heldOut.map(({ example }) => example);
  const periodic = periodicPrompts(heldOut, recipe, opened.text);
  if (recipe.evaluation.every > 0 && periodic.length === 0) {
    throw new LabError(
      'badConfig',
      'There are no held-out prompts for the evaluation during the run.',
      'Hold out a share of the data, or turn off the evaluation.',
    );
  }
  const needs = memoryNeeds(recipe, opened, [...examples, ...periodic]);
  checkGradingFits(needs, opened);
  const verdicts = warmStartVerdicts(recipe, data, examples, notTrainedOn(split));
  const run: RunSummary = {
    ...(named ?? { runId: newRunId(platform.date()), name: `run-${(await store.listRuns()).length + 1}` }),
    startedAt: platform.date().toISOString(),
    status: 'running',
    modelName: opened.report.name,
    modelId: opened.report.id,
    dataName: data.name,
    step: 0,
    steps: recipe.steps,
    lastReward: null,
    config: recipe,
    checkpoints: [],
  };
  const from = {
    kind: 'data',
    located: fitting,
    heldOut,
    reportWithout: (rows: readonly RowProblem[]) => reportWithout([...tooLong, ...rows]),
  } as const;
  return { run, opened, needs, teacher, from, periodicPrompts: periodic, verdicts };
}

/**
 * A saved run, to continue after a step; `steps` may lengthen it. Throws LabError needsFiles when its teacher was not
 * given or its data was not saved.
 */
export async function prepareSavedRun(
  { store, teacherAccess }: RunContext,
  opened: OpenModel,
  saved: RunSummary,
  step: number,
  steps = saved.steps,
): Promise<PreparedRun> {
  const recipe = withAddress(
    completeRecipe({ ...savedRecipeSchema.parse(saved.config), steps }, opened),
    teacherAccess?.config,
  );
  const teacher = teacherOf(recipe, teacherAccess, opened);
  const { train: examples, heldOut } = await loadRunData(store, saved.runId);
  const periodic = periodicPrompts(heldOut, recipe, opened.text);
  const needs = memoryNeeds(recipe, opened, [...examples, ...periodic]);
  const verdicts = await loadLabelledVerdicts(store, saved.runId);
  const run = { ...saved, steps, config: recipe };
  const from = { kind: 'checkpoint', step, examples } as const;
  return { run, opened, needs, teacher, from, periodicPrompts: periodic, verdicts };
}

function nothingToTrainOn(report: DataReport): LabError {
  const nothing = nothingPasses(report);
  if (nothing) return new LabError('badConfig', `${nothing}.`, 'Change or clear the filter on the Data card.');
  return new LabError(
    'badConfig',
    'No prompt in the data has a rubric.',
    'Let a model write the rubrics, or use data with rubrics.',
  );
}

/** Sorts by time, and two of the same second still differ. */
function newRunId(date: Date): string {
  const stamp = date.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  return `run-${stamp}-${shortId()}`;
}
