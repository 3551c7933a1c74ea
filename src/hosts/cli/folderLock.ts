import { createHash } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The name that a process listens on while it holds a folder; the system gives it back when the process ends, however
 * it does. Linux: an abstract socket, which is no file. Windows: a named pipe. macOS and others: a socket in the folder
 * for temporary files, whose file outlives a killed process and then refuses connections. Folders go by device and
 * inode, so that every path to one is the same. Processes on other machines, or in containers with a network of their
 * own, are not seen.
 */
export function lockAddress(folder: string, platform: NodeJS.Platform = process.platform): string {
  const { dev, ino } = statSync(folder, { bigint: true });
  const name = `autodidact-${createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 32)}`;
  if (platform === 'linux') return `\0${name}`;
  return platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/**
 * Holds a folder for this process until the returned function is called. Null when another process, or this one, holds
 * it.
 */
export async function lockFolder(folder: string, address = lockAddress(folder)): Promise<(() => void) | null> {
  const first = await listen(address);
  if (first) return first;
  if (await answers(address)) return null;
  if (isFile(address)) rmSync(address, { force: true }); // left by a process that was killed
  return listen(address);
}

/** Whether some process holds a folder. */
export const isFolderLocked = (folder: string, address = lockAddress(folder)): Promise<boolean> => answers(address);

const isFile = (address: string): boolean => !address.startsWith('\0') && !address.startsWith('\\\\.\\pipe\\');

function listen(address: string): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(null) : reject(error),
    );
    server.listen(address, () => {
      server.unref(); // a lock keeps no process alive
      resolve(() => void server.close());
    });
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
