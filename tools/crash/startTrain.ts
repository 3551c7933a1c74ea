import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

export interface Training {
  /** Seconds until it has recorded a step, one of the warm start too; null when it ended before. */
  readonly first: Promise<number | null>;
  readonly ended: Promise<{ code: number | null; killed: boolean; seconds: number; err: string }>;
  /** Kills it in so many seconds, unless it has ended by then. */
  killAfter(seconds: number): void;
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
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const child = spawn(process.execPath, [lab, 'train', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (text) => (err += text));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = new Promise<Awaited<Training['ended']>>((resolve) => {
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, killed: signal === 'SIGKILL', seconds: seconds(), err });
    });
  });
  const first = new Promise<number | null>((resolve) => {
    // A resumed run first rewrites its log without the steps after its checkpoint: only growth counts.
    let before = logs.map(size);
    const watch = setInterval(() => {
      const now = logs.map(size);
      if (now.some((bytes, i) => bytes > before[i]!)) {
        clearInterval(watch);
        resolve(seconds());
      }
      before = now;
    }, 5);
    void ended.then(() => {
      clearInterval(watch);
      resolve(null);
    });
  });
  return { first, ended, killAfter: (after) => (timer = setTimeout(() => child.kill('SIGKILL'), 1000 * after)) };
}
