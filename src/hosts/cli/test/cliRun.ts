import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { RecipeInput } from '../../../domain/recipe/recipe';
import { asSources, tinyConfig, tinyFolder } from '../../../formats/test/testModel';
import { data, recipe } from '../../../lab/test/testGpuLab';
import { train } from '../commands/train';

/** A temporary folder with a random tiny model, some rows and a recipe, for commands; removed when the process ends. */
export async function cliFolder(change: RecipeInput = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-cli-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const at = (...path: string[]) => join(folder, ...path);
  mkdirSync(at('model'));
  for (const source of await asSources(tinyFolder(tinyConfig())))
    writeFileSync(at('model', source.name.split('/').at(-1)!), await source.read(0, source.size));
  writeFileSync(at('rows.jsonl'), data);
  writeFileSync(at('recipe.json'), JSON.stringify(recipe(change)));
  const options = ['--model', at('model'), '--data', at('rows.jsonl'), '--config', at('recipe.json')];
  return { at, train: (...more: string[]) => outputOf(() => train.run([...options, '--out', at('run'), ...more])) };
}

/** Runs a command and collects its output. `error`: what it threw, as main.ts would print it. */
export async function outputOf(command: () => Promise<number>) {
  const printed = { out: '', err: '' };
  const collect = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    printed[stream] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(collect('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(collect('err')),
  ];
  try {
    const code = await command();
    return { code, ...printed, error: null };
  } catch (error) {
    return { code: null, ...printed, error: error as Error };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
