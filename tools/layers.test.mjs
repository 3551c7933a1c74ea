import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { biomeLayersText, LAYERS, withLayerTable } from './layers.mjs';

it('lint rules and the table in CONTRIBUTING.md are those of tools/layers.mjs (npm run layers)', () => {
  expect(readFileSync('biome.layers.json', 'utf8')).toBe(biomeLayersText());
  const contributing = readFileSync('CONTRIBUTING.md', 'utf8');
  expect(contributing).toContain('| `gpu` |');
  expect(withLayerTable(contributing)).toBe(contributing);
});

it('every folder of src is in the table', () => {
  const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(LAYERS).sort());
});

it('no folder imports one above it', () => {
  const order = Object.keys(LAYERS);
  for (const [folder, { imports }] of Object.entries(LAYERS)) {
    for (const name of imports.filter((name) => order.includes(name)))
      expect(order.indexOf(name), `${folder} → ${name}`).toBeGreaterThan(order.indexOf(folder));
  }
});
