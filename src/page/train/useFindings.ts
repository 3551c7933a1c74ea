import { useEffect, useId, useState } from 'react';
import { diagnosis } from '../../diagnosis/diagnose';
import type { Finding } from '../../diagnosis/finding';
import type { StepMetrics } from '../../domain/metrics/metrics';
import type { Recipe } from '../../domain/recipe/recipe';
import { leaveTurn, takeTurn } from '../charts/idleQueue';

interface Found {
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** The steps that they are about. */
  readonly metrics: readonly StepMetrics[];
}

/** Work of one turn, in ms: a check of a long run may take as long again. */
const TURN_MS = 8;

/** The newest diagnosis of a run, made in idle turns; null before the first. */
export function useFindings(metrics: readonly StepMetrics[], config: Recipe): Found | null {
  const id = useId();
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    const pieces = diagnosis(metrics, config);
    const work = () => {
      for (const end = performance.now() + TURN_MS; performance.now() < end; ) {
        const { done, value } = pieces.next();
        if (done) return setFound({ findings: value, metrics });
      }
      takeTurn(id, work);
    };
    takeTurn(id, work);
    return () => leaveTurn(id);
  }, [id, metrics, config]);
  return found;
}
