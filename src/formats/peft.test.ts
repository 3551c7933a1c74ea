import { expect, it } from 'vitest';
import { PROJECTIONS, projectionSize } from '../domain/model';
import { type Adapter, readPeft, writePeft } from './peft';
import { type ByteSource, bytesSource } from './source';
import { asSources, tinyConfig } from './test/testModel';

const config = tinyConfig();

function adapter(targets: Adapter['targets']): Adapter {
  const values = (n: number, seed: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(seed + i));
  const pairs = Array.from({ length: config.layers }, (_, layer) =>
    targets.map((projection, p) => {
      const size = projectionSize(config, projection);
      return { layer, projection, a: values(4 * size.in, layer + p), b: values(4 * size.out, 9 + layer + p) };
    }),
  ).flat();
  return { rank: 4, alpha: 8, targets, baseModel: 'tiny', pairs };
}
const written = async (targets: Adapter['targets']): Promise<ByteSource[]> =>
  asSources(writePeft(adapter(targets), config));

it('reads what it writes', async () => {
  for (const targets of [PROJECTIONS, ['q_proj', 'v_proj'] as const]) {
    expect(await readPeft(await written(targets), config)).toEqual(adapter(targets));
  }
});

async function withConfig(fields: object): Promise<ByteSource[]> {
  const [json, weights] = await written(['q_proj']);
  const value = JSON.parse(new TextDecoder().decode(await json!.read(0, json!.size)));
  return [
    bytesSource('adapter_config.json', new TextEncoder().encode(JSON.stringify({ ...value, ...fields }))),
    weights!,
  ];
}

it('refuses what is not plain LoRA for this model', async () => {
  await expect(readPeft(await withConfig({ peft_type: 'IA3' }), config)).rejects.toThrow(/peft_type IA3/);
  await expect(readPeft(await withConfig({ use_dora: true }), config)).rejects.toThrow(/use_dora/);
  await expect(readPeft(await withConfig({ use_rslora: true }), config)).rejects.toThrow(/use_rslora/);
  await expect(readPeft(await withConfig({ target_modules: ['q_proj', 'lm_head'] }), config)).rejects.toThrow(
    /lm_head/,
  );
  await expect(readPeft(await withConfig({ target_modules: ['q_proj', 'k_proj'] }), config)).rejects.toThrow(
    /k_proj.*missing/,
  );
  await expect(readPeft(await withConfig({ r: 8 }), config)).rejects.toThrow(/\(4, 64\).*\(8, 64\)/);
  await expect(readPeft(await written(['q_proj']), tinyConfig({ layers: 1 }))).rejects.toThrow(
    /layers\.1\..*not announce/,
  );
  await expect(readPeft([], config)).rejects.toThrow(/adapter_config\.json is missing/);
});
