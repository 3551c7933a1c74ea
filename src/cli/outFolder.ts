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

/** The same for a folder that must be the results' own: what is there already would be mixed with them. */
export function makeOwnOut(path: string): void {
  makeOut(path);
  if (readdirSync(path).some((name) => !name.startsWith('.')))
    throw new UsageError(`${path} is not empty: choose another folder`);
}
