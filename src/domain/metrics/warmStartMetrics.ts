/** The numbers of one supervised step before the first rollout: a line of warm-start.jsonl. */
export interface WarmStartMetrics {
  /** Warm-start steps finished, this one included. */
  readonly step: number;
  readonly steps: number;
  /** Mean negative log-likelihood of the documents' tokens, in nats. */
  readonly loss: number;
  readonly grad_norm: number;
  readonly documents: number;
  /** Documents skipped because they are longer than the recipe allows. */
  readonly too_long: number;
  readonly step_time: number;
}
