import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ggufBytes, tinyGgufMetadata, tinyGgufTensors } from '../../../formats/test/testGguf';
import { allBytes, tinyConfig, tinyFolder } from '../../../formats/test/testModel';
import { modelAt } from './modelAt';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  for (const file of tinyFolder(tinyConfig()))
    await writeFile(join(folder, file.name), await allBytes(file.chunks(), null));
});
afterEach(() => rm(folder, { recursive: true }));

/** What opening says, within 5 s and 256 MB. */
async function refusal(path = folder): Promise<string> {
  const [started, before] = [performance.now(), process.memoryUsage().rss];
  const said = await modelAt(path).then(
    () => 'opened',
    (error: Error) => error.message,
  );
  expect(performance.now() - started).toBeLessThan(5000);
  expect(process.memoryUsage().rss - before).toBeLessThan(256e6);
  return said;
}

const write = (name: string, value: unknown) =>
  writeFile(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));

it('opens the model that the others are made from', async () => {
  expect(await refusal()).toBe('opened');
});

it('refuses a named pipe as config.json', async () => {
  await rm(join(folder, 'config.json'));
  execFileSync('mkfifo', [join(folder, 'config.json')]);
  expect(await refusal()).toMatch(/config\.json is no regular file/);
});

it('refuses a billion layers', async () => {
  const config = JSON.parse(execFileSync('cat', [join(folder, 'config.json')], { encoding: 'utf8' }));
  await write('config.json', { ...config, num_hidden_layers: 1e9 });
  expect(await refusal()).toMatch(/config\.json.*\n?.*layers|config\.json is not as expected/);
});

it('refuses files that are larger than such a file can be', async () => {
  await truncate(join(folder, 'config.json'), 6e9);
  expect(await refusal()).toMatch(/config\.json is damaged: it has 6000 MB/);
});

it('refuses a tokenizer of millions of empty lists', async () => {
  await write('tokenizer.json', `[${'[],'.repeat(10_000_000)}[]]`);
  expect(await refusal()).toMatch(/tokenizer\.json is damaged: it holds more than/);
});

it('refuses a GGUF with an array of 400 million elements', async () => {
  const bytes = ggufBytes({ ...tinyGgufMetadata(tinyConfig()), zz: { u32: 0 } }, tinyGgufTensors(tinyConfig()));
  const view = new DataView(bytes.buffer);
  // The key of the last entry, made an array of 400 million bytes.
  const at = Buffer.from(bytes).indexOf(Buffer.from('zz')) + 2;
  view.setUint32(at, 9, true);
  view.setUint32(at + 4, 0, true);
  view.setBigUint64(at + 8, 400_000_000n, true);
  const path = join(folder, 'big.gguf');
  await writeFile(path, bytes);
  await truncate(path, 500_000_000);
  expect(await refusal(path)).toMatch(/header counts 400000000 where at most/);
});
