import { parseFile } from '../../data/parse';
import type { Example } from '../../domain/example';
import type { RunStore } from '../../storage/runStore';
import { LabError } from '../failures';

const FILE = 'data.jsonl';

/**
 * Saves the examples with the run, so that it can continue without dropping the file again. HealthBench rows,
 * held-out ones marked hard.
 */
export async function keepRunData(
  store: RunStore,
  runId: string,
  train: readonly Example[],
  heldOut: readonly Example[],
) {
  const rows = [...train.map((example) => row(example, false)), ...heldOut.map((example) => row(example, true))];
  await store.saveFile(runId, FILE, new TextEncoder().encode(rows.join('')));
}

const row = ({ promptId, prompt, rubrics, exampleTags, idealCompletion }: Example, hard: boolean): string =>
  `${JSON.stringify({
    prompt_id: promptId,
    prompt,
    rubrics,
    example_tags: exampleTags,
    ideal_completions_data: idealCompletion === null ? null : { ideal_completion: idealCompletion },
    is_hard: hard,
  })}\n`;

/** A run's prompts and rubrics as HealthBench JSONL, written rubrics included; empty when they were not saved. */
export async function runDataText(store: RunStore, runId: string): Promise<string> {
  return new TextDecoder().decode((await store.loadFile(runId, FILE)) ?? new Uint8Array());
}

/** The training and held-out examples of a saved run, in their order. */
export async function loadRunData(
  store: RunStore,
  runId: string,
): Promise<{ readonly train: Example[]; readonly heldOut: Example[] }> {
  const bytes = await store.loadFile(runId, FILE);
  const missing = new LabError(
    'needsFiles',
    'The data of this run was not saved.',
    'Start a new run with the data file.',
  );
  if (!bytes) throw missing;
  async function* chunks() {
    yield bytes!;
  }
  const { examples, problems } = await parseFile(FILE, chunks());
  const train = examples.filter(({ hard }) => hard !== true).map(({ example }) => example);
  if (problems.length > 0 || train.length === 0) throw missing;
  return { train, heldOut: examples.filter(({ hard }) => hard === true).map(({ example }) => example) };
}
