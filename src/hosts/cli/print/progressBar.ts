import type { Work } from '../../../protocol/requests';

import { printable } from './terminal';

const WIDTH = 24;

/** Draws progress on one line of a terminal. Without a terminal it writes each phase once. */
export class ProgressBar {
  private drawn = false;
  private written = '';
  constructor(private readonly out: NodeJS.WriteStream = process.stderr) {}

  draw({ phase, label, done, total, secondsLeft, step }: Work, steps?: number): void {
    const where = step === null ? '' : `step ${step}${steps ? ` of ${steps}` : ''} · `;
    if (!this.out.isTTY) {
      const line = printable(`${where}${label}`);
      // The label of a warm start has its loss, which changes with every step of the same phase.
      const key = phase === 'warmStart' ? phase : line;
      if (key !== this.written) this.out.write(`${line}\n`);
      this.written = key;
      return;
    }
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const filled = Math.round(share * WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
    const counts = phase === 'opening' ? `${Math.round(share * 100)} %` : `${done}/${total}`;
    const left = secondsLeft === null ? '' : ` · ${duration(secondsLeft)} left`;
    const line = printable(`${bar} ${where}${label} ${counts}${left}`);
    this.out.write(`\r\x1b[2K${line.slice(0, (this.out.columns ?? 80) - 1)}`);
    this.drawn = true;
  }

  /** Removes the bar, so that a line can be printed. */
  clear(): void {
    if (this.drawn) this.out.write('\r\x1b[2K');
    this.drawn = false;
  }
}

/** A bar for work in phases: loading weights, generating, grading. */
export function drawProgress() {
  const bar = new ProgressBar();
  const draw = (phase: 'opening' | 'rollout' | 'grade', label: string) => {
    let from = { done: Number.POSITIVE_INFINITY, at: 0 };
    return (done: number, total: number) => {
      if (done < from.done) from = { done, at: performance.now() };
      const seconds = (performance.now() - from.at) / 1000;
      const secondsLeft = done > from.done ? (seconds / (done - from.done)) * (total - done) : null;
      bar.draw({ phase, label, done, total, secondsLeft, step: null });
    };
  };
  const phases = { rollout: draw('rollout', 'Generating'), grade: draw('grade', 'Grading') };
  return {
    onLoad: draw('opening', 'Loading weights'),
    onPhase: (phase: 'rollout' | 'grade', done: number, total: number) => phases[phase](done, total),
    clear: () => bar.clear(),
  };
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
