/** What each folder of src may import, itself aside. `npm run layers` writes biome.layers.json from it; a test compares the two, and the table in CONTRIBUTING.md. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ENGINE = ['gpu', 'kernels', 'model', 'formats', 'families', 'text'];

/** From the top down: a folder may only import folders below it. */
export const LAYERS = {
  page: ['protocol', 'diagnosis', 'evaluation', 'data', 'domain'],
  hosts: [
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
  lab: ['protocol', 'storage', 'rl', 'grading', 'evaluation', 'data', ...ENGINE, 'domain', 'random'],
  protocol: ['evaluation', 'data', 'domain'],
  diagnosis: ['domain'],
  storage: ['evaluation', 'formats', 'domain'],
  rl: ['grading', 'evaluation', 'data', 'text', 'model', 'kernels', 'gpu', 'domain', 'random'],
  grading: ['data', 'text', 'model', 'formats', 'domain', 'random', 'halfFloat'],
  evaluation: ['data', 'domain', 'random'],
  data: ['domain', 'random'],
  text: ['formats', 'domain', 'random'],
  model: ['formats', 'families', 'kernels', 'gpu', 'domain', 'random'],
  formats: ['families', 'kernels', 'domain', 'halfFloat'],
  kernels: ['gpu', 'domain', 'random', 'halfFloat'],
  reference: ['families', 'domain', 'random'],
  families: ['domain'],
  gpu: [],
  domain: ['random'],
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

/** State and actions of the page are plain TypeScript: whoever reads or tests them needs no React. Hooks are named use….ts. */
const WITHOUT_REACT = {
  message: 'State is free of React: only .tsx files and hooks (use….ts) import it (CONTRIBUTING.md).',
  group: ['react', 'react/**', 'react-dom', 'react-dom/**', '@mantine/**', 'recharts', 'zustand', '!zustand/vanilla'],
};

export function biomeLayers() {
  const overrides = Object.entries(LAYERS).map(([folder, allowed]) => ({
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

export const biomeLayersText = () => `${JSON.stringify(biomeLayers(), null, 2)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync('biome.layers.json', biomeLayersText());
