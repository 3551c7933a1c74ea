import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from './usage';

/**
 * Makes the folder that results go to: before the work, so that one that cannot be written is told at once. Folder by folder, since Node's own recursive
 * way never comes back from some places (/proc).
 */
export function makeOut(path: string): void {
  const missing: string[] = [];
  let parent = resolve(path);
  while (!existsSync(parent)) {
    missing.unshift(parent);
    parent = dirname(parent);
  }
  if (!statSync(parent).isDirectory()) throw new UsageError(`${path} cannot be made: ${parent} is a file`);
  try {
    for (const folder of missing) mkdirSync(folder);
    accessSync(resolve(path), constants.W_OK);
  } catch (error) {
    throw new UsageError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** What a run writes beside whatever else is in its folder, by the beginning of its name. */
const OF_A_RUN = /^(run|config)\.json$|^(metrics|data|review|warm-start|gradings)\.jsonl$|^(rollouts|checkpoints)$/;

/** The same for a new run: a file that it would write over is somebody's. */
export function makeRunOut(path: string): void {
  makeOut(path);
  const taken = readdirSync(path).find((name) => OF_A_RUN.test(name));
  if (taken)
    throw new UsageError(`${path} has a ${taken} already, which the run would write over: choose another folder`);
}
