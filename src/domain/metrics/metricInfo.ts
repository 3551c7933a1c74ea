/** A metric's line in one of Train's small charts. */
export interface MetricChart {
  /** `run`: every step. `graderCheck`: the steps with a check of the grader. */
  readonly row: 'run' | 'graderCheck';
  /** Place of the line in its row. A chart takes the place of its first line. */
  readonly at: number;
  /** Metrics with the same title share a chart; the metric's own title unless given. */
  readonly title?: string;
  readonly hue: 'blue' | 'orange' | 'green' | 'purple' | 'grey';
  /** Name of the line in a chart of several. */
  readonly label?: string;
}

/**
 * Every number of a step has the name that TRL or slime gives it, if they have one. The page takes titles, units,
 * explanations and charts from here; metrics.jsonl has the keys.
 */
export interface MetricInfo {
  readonly title: string;
  readonly unit: string;
  /** Formula and healthy range. */
  readonly help: string;
  readonly chart?: MetricChart;
}
