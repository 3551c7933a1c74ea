import type { Recipe } from '../domain/recipe/recipe';
import type { GradingContext } from '../grading/grader';
import type { GenerateContext } from '../model/generation';
import { derive } from '../random';
import type { StepListener } from './stepListener';

export type Phase = 'rollout' | 'grade' | 'update';

/** Progress and cancellation of a run's steps. */
export interface TrainContext {
  /** Abandons the step under way. An update that has begun is finished first. */
  readonly signal?: AbortSignal | undefined;
  readonly onPhase?: ((phase: Phase, done: number, total: number, step: number) => void) | undefined;
  readonly listener?: StepListener | undefined;
}

/** The context of every phase of a step. */
export type StepContext = GenerateContext & GradingContext;

/** The phases of one step: the seed, the context and the duration of each. */
export class StepPhases {
  readonly seconds: Record<Phase, number> = { rollout: 0, grade: 0, update: 0 };
  private current: { readonly phase: Phase; readonly since: number } | null = null;

  constructor(
    private readonly run: Pick<Recipe, 'seed'>,
    /** Steps done before. */
    private readonly index: number,
    private readonly context: TrainContext,
    private readonly now: () => number,
  ) {}

  /** The seed of a phase's draws, another one in each round of dynamic sampling. */
  seed(phase: Phase, round: number): number {
    const { run, index } = this;
    return round === 0 ? derive(run.seed, phase, index) : derive(run.seed, phase, index, round);
  }

  /** Ends the phase under way and starts another. Throws an AbortError on abort. */
  start(phase: Phase): StepContext {
    this.end();
    const { signal, onPhase, listener } = this.context;
    signal?.throwIfAborted();
    this.current = { phase, since: this.now() };
    return {
      signal,
      onProgress: (done, total) => onPhase?.(phase, done, total, this.index + 1),
      onTokens: (answer, tokens) => listener?.onTokens(answer, tokens),
      onReasoning: (answer, criterion, tokens) => listener?.onReasoning(answer, criterion, tokens),
      onGrade: (answer, criterion, grade) => listener?.onGrade(answer, criterion, grade),
    };
  }

  /** Ends the phase under way. */
  end(): void {
    if (this.current) this.seconds[this.current.phase] += (this.now() - this.current.since) / 1000;
    this.current = null;
  }
}
