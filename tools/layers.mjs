// What each folder of src is and what it may import besides itself. `npm run layers` writes biome.layers.json and the
// table in CONTRIBUTING.md from it; a test compares them.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ENGINE = ['gpu', 'kernels', 'model', 'families', 'formats', 'text'];

/** From the top down: a folder may only import folders below it. */
export const LAYERS = {
  page: {
    what: 'what a person sees, by screen: each with its state, its actions and its views',
    imports: ['protocol', 'diagnosis', 'evaluation', 'data', 'domain', 'random'],
  },
  hosts: {
    what: '`worker/` and `cli/`: thin shells around the lab, in the browser and on Dawn for Node',
    imports: [
      'lab',
      'protocol',
      'diagnosis',
      'storage',
      'rl',
      'grading',
      'evaluation',
      'data',
      ...ENGINE,
      'domain',
      'random',
    ],
  },
  lab: {
    what: 'the application, the same for page and command line: runs, evaluations, comparisons, models, exports',
    imports: ['protocol', 'storage', 'rl', 'grading', 'evaluation', 'data', ...ENGINE, 'domain', 'random'],
  },
  protocol: {
    what: 'requests, replies and notices between page and worker, and how they cross',
    imports: ['evaluation', 'data', 'domain'],
  },
  diagnosis: { what: 'what goes wrong in a run, from its metrics alone: pure functions', imports: ['domain'] },
  storage: { what: 'runs, checkpoints and weights on disk', imports: ['evaluation', 'formats', 'domain', 'random'] },
  rl: {
    what: 'the loop: sampling, advantages, packing, the update, probes, warm start',
    imports: ['grading', 'evaluation', 'data', 'text', 'model', 'kernels', 'gpu', 'domain', 'random'],
  },
  grading: {
    what: 'grader prompts, verdict readers and every grader: policy, endpoint, ONNX, recorded, mixed',
    imports: ['data', 'text', 'model', 'formats', 'domain', 'random', 'halfFloat'],
  },
  evaluation: {
    what: 'scores, intervals, agreement, comparison and their report: pure functions',
    imports: ['data', 'domain', 'random'],
  },
  data: { what: 'rubric files: parse, validate, map, filter, split, prepare', imports: ['domain', 'random'] },
  text: { what: 'tokenizers and chat templates', imports: ['formats', 'domain', 'random'] },
  model: {
    what: 'forward and backward passes, adapters, cache, generation, memory plan',
    imports: ['formats', 'families', 'kernels', 'gpu', 'domain', 'random'],
  },
  formats: {
    what: 'safetensors, GGUF, PEFT, ONNX folders: bytes and named tensors',
    imports: ['families', 'kernels', 'domain', 'halfFloat'],
  },
  reference: {
    what: 'every operation in plain f64 loops; only tests import it',
    imports: ['families', 'domain', 'random'],
  },
  families: { what: 'what tells model families apart: layer, tensor names, config readers', imports: ['domain'] },
  kernels: { what: 'one typed binding per operation', imports: ['gpu', 'domain', 'random', 'halfFloat'] },
  gpu: { what: 'WebGPU without machine learning', imports: [] },
  domain: {
    what: 'plain records and their schemas: recipe, example, rubric, verdict, rollout, metrics, run',
    imports: ['random'],
  },
};

/** Tests, what only tests use, and recorded data may import anything. */
const NOT_TESTS = ['!**/*.test.ts', '!**/*.test.tsx', '!**/test/**'];

const FILES = ['random', 'halfFloat'];
const names = [...Object.keys(LAYERS), ...FILES];

const restricted = (message, group) => ({
  linter: {
    rules: { style: { noRestrictedImports: { level: 'error', options: { patterns: [{ message, group }] } } } },
  },
});

const glob = (name) => (FILES.includes(name) ? `**/${name}` : `**/${name}/**`);

/**
 * State and actions of the page are plain TypeScript: whoever reads or tests them needs no React. Hooks are named
 * use….ts.
 */
const WITHOUT_REACT = {
  message: 'State is free of React: only .tsx files and hooks (use….ts) import it (CONTRIBUTING.md).',
  group: ['react', 'react/**', 'react-dom', 'react-dom/**', '@mantine/**', 'recharts', 'zustand', '!zustand/vanilla'],
};

export function biomeLayers() {
  const overrides = Object.entries(LAYERS).map(([folder, { imports: allowed }]) => ({
    includes: [`src/${folder}/**`, ...NOT_TESTS],
    ...restricted(
      `Layers: ${folder} may import ${allowed.join(', ') || 'nothing above it'} (CONTRIBUTING.md).`,
      names.filter((name) => name !== folder && !allowed.includes(name)).map(glob),
    ),
  }));
  const page = overrides.find(({ includes }) => includes[0] === 'src/page/**');
  const patterns = page.linter.rules.style.noRestrictedImports.options.patterns;
  const state = structuredClone(page);
  state.includes = ['src/page/**/*.ts', '!**/use*.ts', '!src/page/theme.ts', ...NOT_TESTS];
  state.linter.rules.style.noRestrictedImports.options.patterns = [...patterns, WITHOUT_REACT];
  const files = FILES.map((file) => ({
    includes: [`src/${file}.ts`],
    ...restricted(
      `Layers: ${file}.ts imports nothing (CONTRIBUTING.md).`,
      names.filter((name) => name !== file).map(glob),
    ),
  }));
  return { overrides: [...overrides, state, ...files] };
}

/** The table of CONTRIBUTING.md. */
const markdownTable = () =>
  [
    '| folder | what | may import |',
    '| --- | --- | --- |',
    ...Object.entries(LAYERS).map(
      ([folder, { what, imports }]) => `| \`${folder}\` | ${what} | ${imports.join(', ') || 'nothing'} |`,
    ),
  ].join('\n');

const PLACE = /(<!-- layers: npm run layers -->\n)[\s\S]*?(<!-- \/layers -->)/;

/** CONTRIBUTING.md with the table as it should be. */
export const withLayerTable = (contributing) =>
  contributing.replace(PLACE, (_, before, after) => `${before}${markdownTable()}\n${after}`);

export const biomeLayersText = () => `${JSON.stringify(biomeLayers(), null, 2)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync('biome.layers.json', biomeLayersText());
  writeFileSync('CONTRIBUTING.md', withLayerTable(readFileSync('CONTRIBUTING.md', 'utf8')));
}
