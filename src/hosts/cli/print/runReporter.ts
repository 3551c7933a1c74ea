import { diagnose } from '../../../diagnosis/diagnose';
import type { FindingId } from '../../../diagnosis/finding';
import type { StepMetrics } from '../../../domain/metrics/metrics';
import type { Recipe } from '../../../domain/recipe/recipe';
import type { RunSummary } from '../../../domain/run';
import type { Notice } from '../../../protocol/notices';
import { failureLine } from '../failureLine';
import { findingText } from './findingText';
import { duration, ProgressBar } from './progressBar';
import { printLine, printNote } from './terminal';

const out = printLine;
const number = (value: number | null, digits: number): string => (value === null ? '–' : value.toFixed(digits));

/** Prints a run as it trains: a line per step, evaluation and failure. */
export class RunReporter {
  private readonly bar = new ProgressBar();
  private readonly metrics: StepMetrics[] = [];
  private readonly told = new Set<FindingId>();

  /** `from`: steps done before; `steps`: in all. */
  constructor(
    private readonly from: number,
    private readonly steps: number,
    private readonly config: Recipe,
  ) {}

  notice(notice: Notice): void {
    if (notice.type === 'progress') {
      this.bar.draw(notice, this.steps);
      return;
    }
    this.bar.clear();
    if (notice.type === 'warmStep') printWarmStep(notice.warm);
    if (notice.type === 'step') this.step(notice.metrics, notice.secondsLeft);
    if (notice.type === 'stepChecked') printEvaluationOf(notice.metrics);
    if (notice.type === 'failed') printNote(failureLine(notice.failure));
    if (notice.type === 'dataReported') {
      const { problems, split } = notice.data;
      const first = problems[0]!.reason;
      printNote(`${split.train} training prompts; ${problems.length} rows left out, such as: ${first}`);
    }
  }

  private step(metrics: StepMetrics, secondsLeft: number | null): void {
    if (metrics.step > this.from) this.metrics.push(metrics);
    const parts = [
      `step ${metrics.step}/${this.steps}`,
      `reward ${number(metrics.reward, 3)} ± ${number(metrics.reward_std, 3)}`,
      ...(metrics['check/passed'] === null ? [] : [`checks ${number(metrics['check/passed'], 2)}`]),
      ...(metrics['reward/true'] === null ? [] : [`true ${number(metrics['reward/true'], 3)}`]),
      `length ${number(metrics['completions/mean_length'], 0)}`,
      `yes ${number(metrics['grader/yes_rate'], 2)}`,
      `loss ${number(metrics.loss, 4)}`,
      `grad ${number(metrics.grad_norm, 3)}`,
      `|Δlogp| ${(metrics['sampling/sampling_logp_difference/mean'] ?? 0).toExponential(1)}`,
      duration(metrics.step_time ?? 0),
      ...(secondsLeft ? [`${duration(secondsLeft)} left`] : []),
    ];
    out(parts.join('  '));
    this.tellProblems();
  }

  /** Each problem once, when it is first found. */
  private tellProblems(): void {
    for (const finding of diagnose(this.metrics, this.config)) {
      if (finding.level !== 'problem' || this.told.has(finding.id)) continue;
      this.told.add(finding.id);
      for (const line of findingText(finding).split('\n')) printNote(line);
    }
  }

  summary({ status, step, steps }: RunSummary, peakBytes: number): void {
    const seconds = (key: 'time/rollout' | 'time/grade' | 'time/update') =>
      duration(this.metrics.reduce((sum, line) => sum + (line[key] ?? 0), 0));
    const times = `generation ${seconds('time/rollout')}, grading ${seconds('time/grade')}, update ${seconds('time/update')}`;
    out(
      `${status === 'diskFull' ? 'stopped: disk full' : status} after step ${step} of ${steps} · ${times} · peak GPU memory ${(peakBytes / 1e6).toFixed(0)} MB`,
    );
  }
}

function printWarmStep({
  step,
  steps,
  loss,
  grad_norm,
  step_time,
}: Extract<Notice, { type: 'warmStep' }>['warm']): void {
  out(`warm start ${step}/${steps}  loss ${loss.toFixed(4)}  grad ${grad_norm.toFixed(3)}  ${duration(step_time)}`);
}

/** Prints the evaluation of a step, if it had one; the probes of the grader are in metrics.jsonl. */
function printEvaluationOf(metrics: StepMetrics): void {
  if (metrics['eval/frozen_score'] === null) return;
  const [low, high] = [number(metrics['eval/score_low'], 2), number(metrics['eval/score_high'], 2)];
  const score = number(metrics['eval/frozen_score'], 3);
  out(`step ${metrics.step}  held-out ${score} (${low}…${high}, frozen grader)`);
}
