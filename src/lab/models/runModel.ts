import type { RunSummary } from '../../domain/run';
import { shortModelId } from '../../formats/checkpointId';
import type { RunStore } from '../../storage/runStore';
import { LabError } from '../failures';
import type { OpenModel } from './openModel';

type Identified = Pick<OpenModel, 'report' | 'formerId'>;

/** Whether a recorded id is of this model. Older runs name models by names, shapes and formats alone. */
export const isIdOf = (modelId: string, { report, formerId }: Identified): boolean =>
  modelId === report.id || modelId === formerId;

/**
 * The run, if `opened` is the model that it started from. A run that names its model in the former way names it by its
 * weights from now on. Throws LabError needsFiles with both identities when it is another model.
 */
export async function withModel(
  store: Pick<RunStore, 'updateRun'>,
  run: RunSummary,
  opened: Identified,
): Promise<RunSummary> {
  const { id } = opened.report;
  if (run.modelId === id) return run;
  if (run.modelId === opened.formerId) return store.updateRun(run.runId, { modelId: id });
  throw anotherModel(run, opened);
}

export function anotherModel(
  { modelName, modelId }: Pick<RunSummary, 'modelName' | 'modelId'>,
  { report }: Identified,
) {
  return new LabError(
    'needsFiles',
    `This run started from ${modelName} (${shortModelId(modelId)}); ${report.name} (${shortModelId(report.id)}) is another model.`,
    `Open the files of ${modelName} that the run started from, then try again.`,
  );
}
