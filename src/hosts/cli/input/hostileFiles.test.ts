import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ggufBytes, tinyGgufMetadata, tinyGgufTensors } from '../../../formats/test/testGguf';
import { allBytes, tinyConfig, tinyFolder, tinyTokenizer } from '../../../formats/test/testModel';
import { probeTokenizer } from '../../../lab/models/probe';
import { threadOf } from '../probeThread';
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

it.each([
  ['(a+)+$', /pattern \(a\+\)\+\$ may never finish/],
  ['(a*)*b', /may never finish/],
  ['(.*,){20}x', /may never finish/],
  ['a*a*a*b', /A pattern in tokenizer\.json does not finish within 3 s/],
  ['x(?:ab)*(?:ab)*(?:ab)*c', /does not finish within 3 s/],
  ['[bc]*[cd]*[ce]*[0-9]', /does not finish within 3 s/],
])('refuses the pattern %s', async (Regex, said) => {
  const tokenizer = JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8'));
  const split = { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false };
  await write('tokenizer.json', { ...tokenizer, pre_tokenizer: split });
  expect(await refusal()).toMatch(said);
});

it('refuses replacements that make a text ever longer', async () => {
  const tokenizer = JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8'));
  const grow = { type: 'Replace', pattern: { String: '' }, content: 'aaaaaaa' };
  await write('tokenizer.json', { ...tokenizer, normalizer: { type: 'Sequence', normalizers: Array(9).fill(grow) } });
  expect(await refusal()).toMatch(/may make a text \d+ times as long/);
});

it('refuses a template with a large range', async () => {
  await write('chat_template.jinja', '{% for i in range(10**8) %}{% endfor %}{{ messages[0].content }}');
  expect(await refusal()).toMatch(/chat template/);
});

it('ends a thread that hangs, and one that fills its memory', async () => {
  const tokenizer = tinyTokenizer();
  const ask = (script: string, deadline: number, megabytes?: number) =>
    probeTokenizer(
      tokenizer,
      () => threadOf(`require('worker_threads').parentPort.on('message', () => { ${script} })`, megabytes),
      deadline,
    );
  const part = "require('worker_threads').parentPort.postMessage({ type: 'part', part: 'chat template' });";
  await expect(ask(`${part} for (;;);`, 300)).rejects.toThrow('The chat template does not finish within 0.3 s');
  const fill = 'const all = []; for (;;) all.push(new Array(10000).fill(all.length));';
  const before = process.memoryUsage().rss;
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss - before)), 20);
  await expect(ask(fill, 300, 64)).rejects.toThrow(/tokenizer\.json could not be tried: .*memory/);
  clearInterval(watch);
  expect(most).toBeLessThan(256e6);
});
