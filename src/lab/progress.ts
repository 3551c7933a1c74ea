import { mean } from '../domain/statistics';
import type { Work, WorkPhase } from '../protocol/requests';

/** Ten a second is enough for the eye, and keeps the page's thread free. */
const INTERVAL_MS = 100;

const LABELS: Record<WorkPhase, string> = {
  opening: 'Opening',
  warmStart: 'Warm start',
  rollout: 'Writing answers',
  grade: 'Grading answers',
  update: 'Learning',
  save: 'Saving',
  export: 'Exporting',
  evaluate: 'Evaluating',
};
/** How many steps the estimate of a run's time looks back. */
const RECENT_STEPS = 8;
const STEP_PHASES = ['rollout', 'grade', 'update'] as const;
type StepPhase = (typeof STEP_PHASES)[number];

/** Turns counts into progress reports: a few per second, with the seconds left of the step or of the work. */
export class ProgressMeter {
  private phase: { name: WorkPhase; label: string; step: number | null; startedAt: number; sentAt: number } | undefined;
  /** How long the phases of the last step took. */
  private lastSeconds: Readonly<Record<StepPhase, number>> | undefined;

  private readonly stepSeconds: number[] = [];

  constructor(
    private readonly send: (work: Work) => void,
    private readonly now: () => number,
  ) {}

  /** The first, the last and at most ten reports a second between them get through. */
  report(name: WorkPhase, done: number, total: number, step: number | null = null, label = LABELS[name]): void {
    const now = this.now();
    const known = this.phase;
    // The label of a warm start tells its loss, and changes with every step of the same work.
    const same = known?.name === name && known.step === step && (known.label === label || name === 'warmStart');
    const phase = same ? known : { name, label, step, startedAt: now, sentAt: Number.NEGATIVE_INFINITY };
    this.phase = phase;
    if (now - phase.sentAt < INTERVAL_MS && done < total) return;
    phase.sentAt = now;
    const elapsed = (now - phase.startedAt) / 1000;
    const rest = done > 0 && total > 0 ? (elapsed / done) * (total - done) : null;
    this.send({
      phase: name,
      label,
      done,
      total,
      secondsLeft: this.secondsLeft(name, elapsed, rest),
      step,
    });
  }

  /** Tells how long a step's phases took, for the next step's estimates. */
  stepTook(seconds: Readonly<Record<StepPhase, number>>): void {
    this.lastSeconds = seconds;
  }

  /** Seconds that so many more steps will take, after one that took `seconds`. */
  runLeft(seconds: number, steps: number): number {
    this.stepSeconds.push(seconds);
    return this.pace() * steps;
  }

  /** The same after the checks of that step, which took `seconds` more. */
  checkedRunLeft(seconds: number, steps: number): number {
    return this.runLeft((this.stepSeconds.pop() ?? 0) + seconds, steps);
  }

  private pace(): number {
    return mean(this.stepSeconds.slice(-RECENT_STEPS));
  }

  /**
   * For the phases of a step: what is left of this one, and the ones after it as long as last time. Null until there is
   * a pace.
   */
  private secondsLeft(name: WorkPhase, elapsed: number, rest: number | null): number | null {
    const index = STEP_PHASES.indexOf(name as StepPhase);
    if (index < 0) return rest;
    const last = this.lastSeconds;
    if (!last) return rest; // in the first step, of this phase alone
    const later = STEP_PHASES.slice(index + 1).reduce((sum, phase) => sum + last[phase], 0);
    return (rest ?? Math.max(0, last[name as StepPhase] - elapsed)) + later;
  }
}
