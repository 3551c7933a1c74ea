import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../usage';

/**
 * Creates the output folder before the work starts, so that a folder that cannot be written fails at once. Goes folder
 * by folder, because Node's recursive mkdir never returns from some places (/proc).
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

/** What file managers, version control and a run's lock leave in folders that count as empty. */
const IGNORED = /^(\.DS_Store|\.gitkeep|\.gitignore|\.lock|Thumbs\.db|desktop\.ini)$/;

/**
 * Creates the folder that a command's results go to. Throws UsageError when it holds anything but earlier results of
 * the same command: `replaces` names its files, the first of which must be there. Results are never mixed with other
 * files or written over them.
 */
export function makeOwnOut(path: string, replaces: readonly string[] = []): void {
  makeOut(path);
  const found = readdirSync(path).filter((name) => !IGNORED.test(name));
  if (found.length === 0) return;
  const other = found.find((name) => !replaces.includes(name));
  if (other === undefined && found.includes(replaces[0]!)) return;
  throw new UsageError(`${path} already has ${other ?? found[0]}: choose an empty or new folder for --out`);
}
