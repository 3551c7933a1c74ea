import type { Example } from '../../domain/example';
import { applyFilter, NO_FILTER } from '../../domain/filter';
import type { RunSummary } from '../../domain/run';
import type { EvaluationSettings } from '../../evaluation/evaluationRequest';
import type { RunStore } from '../../storage/runStore';
import { type OpenData, reportData } from '../data/openData';
import { LabError } from '../failures';
import { loadRunData } from '../run/runData';

export interface EvaluationExamples {
  readonly examples: readonly Example[];
  /** Where they come from, in words. */
  readonly data: string;
}

const PARTS = { heldOut: 'held-out prompts', train: 'training prompts', all: 'all prompts' };

/** The saved prompts of a run. Throws LabError when that part is empty or nothing was saved. */
export async function runExamples(
  store: RunStore,
  { runId, dataName }: RunSummary,
  { split }: Pick<EvaluationSettings, 'split'>,
): Promise<EvaluationExamples> {
  const { train, heldOut } = await loadRunData(store, runId);
  return named(dataName, split, { train, heldOut, all: [...train, ...heldOut] }[split]);
}

/**
 * Prompts of open data; all of them, or a part of the split by seed and share. Throws LabError when that part is empty.
 */
export function dataExamples(
  data: OpenData,
  settings: Pick<EvaluationSettings, 'split' | 'seed' | 'heldOutShare' | 'filter'>,
): EvaluationExamples {
  const { split } = settings;
  if (split === 'all') {
    const located = data.files.flatMap((file) => file.examples);
    return named(
      data.name,
      split,
      located.flatMap(({ example }) => passing(example, settings.filter)),
    );
  }
  return named(
    data.name,
    split,
    reportData(data, settings).split[split].map(({ example }) => example),
  );
}

function passing(example: Example, filter = NO_FILTER): Example[] {
  const result = applyFilter(example, filter);
  return 'example' in result ? [result.example] : [];
}

function named(name: string, split: EvaluationSettings['split'], examples: readonly Example[]): EvaluationExamples {
  if (examples.length > 0) return { examples, data: split === 'all' ? name : `${name}, ${PARTS[split]}` };
  throw new LabError('badConfig', `${name} has no ${PARTS[split]}.`, 'Choose other prompts.');
}
