import type { StepAnswers } from './dynamicSampling';
import type { UpdateReport } from './policy';
import type { Phase } from './stepPhases';

/** Everything that a step made. */
export interface StepReport extends Omit<StepAnswers, 'reference'> {
  /** Steps finished, this one included. */
  readonly step: number;
  readonly advantages: Float32Array; // (P·G)
  readonly update: UpdateReport;
  readonly seconds: Readonly<Record<Phase, number>>;
}
