import type { WarmStartMetrics } from '../../domain/metrics/warmStartMetrics';
import type { Recipe } from '../../domain/recipe/recipe';
import type { WarmStartReport } from '../../rl/warmStart';
import type { RunStore } from '../../storage/runStore';

export const WARM_STEPS_FILE = 'warm-start.jsonl';

export const warmStartMetrics = (
  { warmStep, loss, gradNorm, examples, tooLong, seconds }: WarmStartReport,
  { warmStart }: Pick<Recipe, 'warmStart'>,
): WarmStartMetrics => ({
  step: warmStep,
  steps: warmStart.steps,
  loss,
  grad_norm: gradNorm,
  documents: examples,
  too_long: tooLong,
  step_time: seconds,
});

/**
 * Keeps a supervised step's numbers with the run, in place of those that an interrupted warm start made of the same
 * step and later ones.
 */
export async function keepWarmStep(store: RunStore, runId: string, metrics: WarmStartMetrics): Promise<void> {
  const before = (await loadWarmSteps(store, runId)).filter(({ step }) => step < metrics.step);
  const lines = [...before, metrics].map((line) => `${JSON.stringify(line)}\n`);
  await store.saveFile(runId, WARM_STEPS_FILE, new TextEncoder().encode(lines.join('')));
}

/** The supervised steps of a run, in order. */
export async function loadWarmSteps(store: RunStore, runId: string): Promise<WarmStartMetrics[]> {
  const bytes = await store.loadFile(runId, WARM_STEPS_FILE);
  if (!bytes) return [];
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WarmStartMetrics);
}
