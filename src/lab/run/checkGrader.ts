import { NO_PROBES, type ProbeMetrics } from '../../domain/metrics/probeMetrics';
import type { Recipe } from '../../domain/recipe/recipe';
import { type Probes, probesDue } from '../../rl/probes';
import type { StepReport } from '../../rl/train';
import { isAbort } from '../failures';
import type { ProgressMeter } from '../progress';

/** The check of a run's grader after a step, where one is due. A stop gives it up, not the step. */
export async function checkGrader(
  probes: Probes,
  config: Recipe,
  report: Pick<StepReport, 'step' | 'rollouts' | 'rewards'>,
  { meter, signal, now }: { meter: ProgressMeter; signal: AbortSignal; now: () => number },
): Promise<ProbeMetrics> {
  if (!probesDue(config.probes, report.step)) return NO_PROBES;
  const onProgress = (done: number, total: number) =>
    meter.report('evaluate', done, total, report.step, 'Checking the grader');
  try {
    return await probes.check(report, { signal, onProgress, now });
  } catch (error) {
    if (signal.aborted && isAbort(error)) return NO_PROBES;
    throw error;
  }
}
