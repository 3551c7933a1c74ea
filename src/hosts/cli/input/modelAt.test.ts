import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectionSize } from '../../../domain/model';
import type { OutputFile } from '../../../formats/outputFile';
import { writePeft } from '../../../formats/peft';
import { allBytes, tinyConfig, tinyFolder } from '../../../formats/test/testModel';
import { UsageError } from '../usage';
import { modelAt } from './modelAt';

const config = tinyConfig();
let root = '';
const write = async (name: string, files: readonly OutputFile[]) => {
  mkdirSync(join(root, name));
  for (const file of files) writeFileSync(join(root, name, file.name), await allBytes(file.chunks(), file.size));
  return join(root, name);
};
const adapter = (hidden: number, baseModel: string) => {
  const wide = tinyConfig({ hidden });
  const size = projectionSize(wide, 'up_proj');
  const pairs = [0, 1].map((layer) => ({
    layer,
    projection: 'up_proj' as const,
    a: new Float32Array(2 * size.in).fill(0.1),
    b: new Float32Array(2 * size.out).fill(0.1),
  }));
  return writePeft({ rank: 2, alpha: 4, targets: ['up_proj'], baseModel, pairs }, wide);
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'adapter-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('merges --adapter into the model, which gets another id', async () => {
  const model = await write('tiny', tinyFolder(config));
  const [plain, learned] = [
    await modelAt(model),
    await modelAt(model, await write('learned', adapter(96, 'org/tiny'))),
  ];
  expect(plain.report).toMatchObject({ name: 'tiny', adapter: null });
  expect(learned.report).toMatchObject({
    name: 'tiny + learned',
    adapter: { rank: 2, madeFor: 'org/tiny', sameName: true },
  });
  expect(learned.report.id).not.toBe(plain.report.id);
  expect((await modelAt(model, await write('other', adapter(96, 'org/Qwen3')))).report.adapter?.sameName).toBe(false);

  await expect(modelAt(model, await write('wide', adapter(128, 'tiny')))).rejects.toThrow(
    /up_proj\.lora_B\.weight is \(128, 2\), the model calls for \(96, 2\)/,
  );
  await expect(modelAt(model, await write('empty', []))).rejects.toThrow(UsageError);
  await expect(modelAt(model, join(root, 'nowhere'))).rejects.toThrow(/nowhere does not exist/);
});
