import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHIPS, type ChipName } from './chips';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, '.cache/isa');

const MANIFESTS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
const FILES = {
  amd: ['radeon_icd.x86_64.json', 'radeon_icd.json'],
  intel: ['intel_icd.x86_64.json', 'intel_icd.json'],
};
const manifestOf = (vendor: keyof typeof FILES) =>
  MANIFESTS.flatMap((folder) => FILES[vendor].map((file) => join(folder, file))).find((path) => existsSync(path));

/** Why this machine can't compile for a chip; undefined where it can. */
export function missingFor(chip: ChipName): string | undefined {
  const { vendor } = CHIPS[chip];
  if (process.platform !== 'linux') return 'it needs Linux';
  if (!manifestOf(vendor)) return `Mesa's Vulkan driver for ${vendor} is not installed (mesa-vulkan-drivers)`;
  if (vendor === 'intel') {
    const shim = process.env.INTEL_SHIM;
    if (!shim) return 'INTEL_SHIM names no stand-in for its kernel driver (CONTRIBUTING.md, npm run isa)';
    return existsSync(shim) ? undefined : `INTEL_SHIM=${shim}: there is no such file`;
  }
  if (spawnSync('cc', ['--version']).status !== 0) return 'there is no C compiler to build its stand-in driver';
}

/** The manifest of the driver that drops commands, built on first use. */
function nullDriver(): string {
  const source = join(HERE, 'null_gpu_icd.c');
  const library = join(CACHE, 'libnull_gpu.so');
  mkdirSync(CACHE, { recursive: true });
  if (!existsSync(library) || statSync(library).mtimeMs < statSync(source).mtimeMs) {
    const { status, stderr } = spawnSync('cc', ['-O1', '-shared', '-fPIC', '-o', library, source], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`tools/isa/null_gpu_icd.c did not compile: ${stderr}`);
  }
  const manifest = join(CACHE, 'null_gpu.json');
  const content = { file_format_version: '1.0.0', ICD: { library_path: library, api_version: '1.3.0' } };
  writeFileSync(manifest, JSON.stringify(content));
  return manifest;
}

function environment(chip: ChipName): Record<string, string> {
  if (CHIPS[chip].vendor === 'intel') {
    const driver = manifestOf('intel')!;
    const stub = { LD_PRELOAD: process.env.INTEL_SHIM!, INTEL_STUB_GPU_PLATFORM: chip, INTEL_DEBUG: 'cs' };
    return { ...stub, VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver };
  }
  const driver = nullDriver();
  const debug = { RADV_FORCE_FAMILY: chip, RADV_DEBUG: 'nocache,shaderstats,asm,cs' };
  return { ...debug, VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver };
}

/**
 * What the driver of a chip prints while compile.ts compiles the engine's pipelines, in .cache/isa/<chip>.txt too.
 * Through a file: drivers lose text when a pipe is full. Throws when the compilation fails.
 */
export async function driverOutput(chip: ChipName): Promise<string> {
  const env = { ...process.env, MESA_SHADER_CACHE_DISABLE: 'true', ...environment(chip) };
  mkdirSync(CACHE, { recursive: true });
  const file = join(CACHE, `${chip}.txt`);
  const stderr = openSync(file, 'w');
  const vite = join(ROOT, 'node_modules/vite-node/dist/cli.mjs');
  const child = spawn(process.execPath, [vite, '--script', join(HERE, 'compile.ts')], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'ignore', stderr],
  });
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ?? code));
  }).finally(() => closeSync(stderr));
  const text = readFileSync(file, 'utf8');
  if (status !== 0) throw new Error(`${chip}: compiling ended with ${status}\n${text.slice(-1500)}`);
  return text;
}
