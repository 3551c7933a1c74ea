import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isFolderLocked, lockAddress, lockFolder } from './folderLock';

const folder = () => mkdtempSync(join(tmpdir(), 'autodidact-lock-'));

/** A process that listens on an address until it is killed. */
async function holder(address: string): Promise<ChildProcess> {
  const code = `require('net').createServer().listen(${JSON.stringify(address)}, () => console.log('held'))`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout!, 'data');
  return child;
}

it.each([
  ['this system', lockAddress],
  ['systems without abstract sockets', (at: string) => lockAddress(at, 'darwin')],
])('a folder is held by one process, and free when it was killed (%s)', async (_, addressOf) => {
  const at = folder();
  const address = addressOf(at);
  const child = await holder(address);
  expect(await lockFolder(at, address)).toBeNull();
  expect(await isFolderLocked(at, address)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await isFolderLocked(at, address)).toBe(false);
  const release = (await lockFolder(at, address))!;
  expect(await lockFolder(at, address)).toBeNull();
  release();
  const again = (await lockFolder(at, address))!;
  again();
});

it('goes by the folder, not by the path to it, and a stale .lock with the number of a living process is nothing', async () => {
  const at = folder();
  const link = join(folder(), 'link');
  symlinkSync(at, link);
  expect(lockAddress(link)).toBe(lockAddress(at));
  expect(lockAddress(folder())).not.toBe(lockAddress(at));
  expect(lockAddress(at, 'win32')).toMatch(/^\\\\\.\\pipe\\autodidact-[0-9a-f]{32}$/);
  const release = (await lockFolder(at))!;
  expect(existsSync(join(at, '.lock'))).toBe(false);
  release();
});
