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

/** One number that proves a finding: where it was and where it is. */
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
  /** What is wrong, with its number. */
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

/** What a check finds, before causes and consequences are told apart. */
export type Found = Omit<Finding, 'consequences'>;
