import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

export interface Training {
  /** Whether it recorded so many steps, those of the warm start and a step's checks too, before it ended. */
  recorded(count: number): Promise<boolean>;
  readonly ended: Promise<Ended>;
  /** Kills it in so many seconds, unless it has ended by then. */
  killAfter(seconds: number): void;
}

export interface Ended {
  readonly code: number | null;
  readonly killed: boolean;
  /** Mean seconds from one record to the next. */
  readonly recordSeconds: number;
  readonly err: string;
}

const size = (path: string): number => {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
};

/** One process of a run in `out`. */
export function startTrain(lab: string, out: string, args: readonly string[]): Training {
  const logs = [join(out, 'metrics.jsonl'), join(out, 'files', 'warm-start.jsonl')];
  const child = spawn(process.execPath, [lab, 'train', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (text) => (err += text));
  let timer: ReturnType<typeof setTimeout> | undefined;

  const times: number[] = [];
  const waiting: { readonly count: number; readonly resolve: (reached: boolean) => void }[] = [];
  // A resumed run first rewrites its log without the steps after its checkpoint: only growth counts.
  let before = logs.map(size);
  const watch = setInterval(() => {
    const now = logs.map(size);
    if (now.some((bytes, i) => bytes > before[i]!)) times.push(performance.now());
    before = now;
    for (const { count, resolve } of waiting) if (times.length >= count) resolve(true);
  }, 5);

  const ended = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      clearInterval(watch);
      for (const { resolve: give } of waiting) give(false);
      const recordSeconds = times.length > 1 ? (times.at(-1)! - times[0]!) / 1000 / (times.length - 1) : 0;
      resolve({ code, killed: signal === 'SIGKILL', recordSeconds, err });
    });
  });
  return {
    recorded: (count) => new Promise((resolve) => waiting.push({ count, resolve })),
    ended,
    killAfter: (after) => (timer = setTimeout(() => child.kill('SIGKILL'), 1000 * after)),
  };
}
