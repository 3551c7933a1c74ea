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

/** Keeps a supervised step's numbers with the run. */
export const keepWarmStep = (store: RunStore, runId: string, metrics: WarmStartMetrics): Promise<void> =>
  store.appendLine(runId, WARM_STEPS_FILE, metrics);

/**
 * The supervised steps of a run, in order. A line replaces those before it of the same step and of later ones, which an
 * interrupted warm start made.
 */
export async function loadWarmSteps(store: RunStore, runId: string): Promise<WarmStartMetrics[]> {
  const bytes = await store.loadFile(runId, WARM_STEPS_FILE);
  const lines = new TextDecoder().decode(bytes ?? new Uint8Array()).split('\n');
  lines.pop(); // nothing, or a line that was cut short
  const steps: WarmStartMetrics[] = [];
  for (const line of lines) {
    const made = JSON.parse(line) as WarmStartMetrics;
    while (steps.length > 0 && steps.at(-1)!.step >= made.step) steps.pop();
    steps.push(made);
  }
  return steps;
}
