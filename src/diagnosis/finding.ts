import type { MetricKey } from '../domain/metrics/metrics';

export type FindingId =
  | 'gradient'
  | 'logprobs'
  | 'clipped'
  | 'kl'
  | 'entropy'
  | 'alike'
  | 'noise'
  | 'ungraded'
  | 'verdictCollapse'
  | 'nothingMet'
  | 'noGradient'
  | 'equalGroups'
  | 'length'
  | 'shortAnswers'
  | 'cutOff'
  | 'repetition'
  | 'speaksToGrader'
  | 'hacking'
  | 'axes'
  | 'phrase'
  | 'leniency'
  | 'controls'
  | 'ideal'
  | 'unsteady';

/** One number of evidence, before and now. */
export interface Evidence {
  readonly key: MetricKey;
  /** Null where only the present value counts. */
  readonly before: number | null;
  readonly now: number;
}

/** One named failure of a run. */
export interface Finding {
  readonly id: FindingId;
  readonly level: 'watch' | 'problem';
  /** The fault, with its number. */
  readonly title: string;
  /** Step of onset. */
  readonly step: number;
  readonly evidence: readonly Evidence[];
  readonly cause: string;
  /** Two or three settings to try. */
  readonly tries: readonly string[];
  /** Findings that follow from this one. */
  readonly consequences: readonly Finding[];
}

/** The result of a check, before causes and consequences are separated. */
export type Found = Omit<Finding, 'consequences'>;
