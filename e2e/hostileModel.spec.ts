import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ggufBytes, tinyGgufMetadata, tinyGgufTensors } from '../src/formats/test/testGguf';
import { asSources, tinyConfig, tinyFolder } from '../src/formats/test/testModel';
import { expect, test } from './lab';

/** A model folder with one file changed. */
async function folderWith(folder: string, name: string, change: (text: string) => string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const source of await asSources(tinyFolder(tinyConfig())))
    writeFileSync(join(folder, source.name.split('/').at(-1)!), await source.read(0, source.size));
  const path = join(folder, name);
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // a file that the model has not
  }
  writeFileSync(path, change(text));
  return folder;
}

const withPattern = (Regex: string) => (text: string) =>
  JSON.stringify({
    ...JSON.parse(text),
    pre_tokenizer: { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false },
  });

test('refuses models that would hang or exhaust the page within 5 s, by name, and keeps the open one', async ({
  lab,
  page,
}, info) => {
  await lab.open();
  const card = lab.card('Model');
  const hostile = [
    [
      'range',
      'chat_template.jinja',
      () => '{% for i in range(10**8) %}{% endfor %}{{ messages[0].content }}',
      /chat template/,
    ],
    ['nested', 'tokenizer.json', withPattern('(a+)+$'), /pattern \(a\+\)\+\$ may never finish/],
    ['stars', 'tokenizer.json', withPattern('(a*)*b'), /pattern \(a\*\)\*b may never finish/],
    ['counted', 'tokenizer.json', withPattern('(.*,){20}x'), /\{20\}x may never finish/],
    ['polynomial', 'tokenizer.json', withPattern('a*a*a*b'), /A pattern in tokenizer\.json does not finish within 3 s/],
    [
      'layers',
      'config.json',
      (text: string) => JSON.stringify({ ...JSON.parse(text), num_hidden_layers: 1e9 }),
      /config\.json/,
    ],
  ] as const;
  for (const [name, file, change, said] of hostile) {
    const folder = await folderWith(info.outputPath(name), file, change);
    const started = performance.now();
    await card.getByLabel('Open folder…').setInputFiles(folder);
    await expect(card.getByRole('alert')).toContainText(said, { timeout: 5000 });
    expect(performance.now() - started, name).toBeLessThan(5000);
    await expect(card.getByText('Built-in tiny')).toBeVisible();
  }

  const gguf = info.outputPath('big.gguf');
  const bytes = ggufBytes({ ...tinyGgufMetadata(tinyConfig()), zz: { u32: 0 } }, tinyGgufTensors(tinyConfig()));
  const view = new DataView(bytes.buffer);
  const at = Buffer.from(bytes).indexOf(Buffer.from('zz')) + 2;
  view.setUint32(at, 9, true);
  view.setUint32(at + 4, 0, true);
  view.setBigUint64(at + 8, 400_000_000n, true);
  writeFileSync(gguf, bytes);
  truncateSync(gguf, 500_000_000);
  await card.getByLabel('Open GGUF…').setInputFiles(gguf);
  await expect(card.getByRole('alert')).toContainText('header counts 400000000 where at most', { timeout: 5000 });

  // The lab goes on: the probe's threads are gone, and a good model opens.
  await expect.poll(() => page.workers().filter((worker) => worker.url().includes('probe')).length).toBe(0);
  const good = await folderWith(info.outputPath('good'), 'config.json', (text) => text);
  await card.getByLabel('Open folder…').setInputFiles(good);
  await expect(card.getByText('good', { exact: true })).toBeVisible();
  await expect(card.getByText('ready', { exact: true })).toBeVisible();
});
