import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../usage';

/**
 * Creates the output folder before the work starts, so that a folder that cannot be written fails at once. Goes folder by folder, because Node's
 * recursive mkdir never returns from some places (/proc).
 */
export function makeOut(path: string): void {
  const missing: string[] = [];
  let parent = resolve(path);
  while (!existsSync(parent)) {
    missing.unshift(parent);
    parent = dirname(parent);
  }
  if (!statSync(parent).isDirectory()) throw new UsageError(`${path} cannot be created: ${parent} is a file`);
  try {
    for (const folder of missing) mkdirSync(folder);
    accessSync(resolve(path), constants.W_OK);
  } catch (error) {
    throw new UsageError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Files and folders that a run writes. */
const RUN_FILES = /^(run|config)\.json$|^(metrics|data|review|warm-start|gradings)\.jsonl$|^(rollouts|checkpoints)$/;

/** Creates the folder of a new run. Throws UsageError when it has a file that the run would overwrite. */
export function makeRunOut(path: string): void {
  makeOut(path);
  const taken = readdirSync(path).find((name) => RUN_FILES.test(name));
  if (taken) throw new UsageError(`${path} already has ${taken}, which the run would overwrite: choose another folder`);
}
