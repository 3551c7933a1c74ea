import { expect, it } from 'vitest';
import { projectionSize } from '../domain/model';
import { adaptedCheckpoint, addLowRank } from './adaptedCheckpoint';
import { dequantize } from './dequantize';
import { openCheckpoint } from './openCheckpoint';
import type { Adapter } from './peft';
import { asSources, tinyConfig, tinyFolder } from './test/testModel';

const config = tinyConfig();
const values = (n: number, seed: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 1.3 + seed));

function adapter(targets: Adapter['targets']): Adapter {
  const pairs = Array.from({ length: config.layers }, (_, layer) =>
    targets.map((projection) => {
      const size = projectionSize(config, projection);
      return { layer, projection, a: values(4 * size.in, layer), b: values(4 * size.out, layer + 9) };
    }),
  ).flat();
  return { rank: 4, alpha: 8, targets, baseModel: 'tiny', pairs };
}

it('adds scale · B · A to a matrix', () => {
  const w = Float32Array.of(1, 2, 3, 4, 5, 6); // (3 out, 2 in)
  addLowRank(w, { a: Float32Array.of(1, 10), b: Float32Array.of(1, 2, 0) }, 1, 0.5);
  expect([...w]).toEqual([1.5, 7, 4, 14, 5, 6]);
});

it.each(['F32', 'BF16'] as const)('changes the targets of a %s model, in f32, and no other tensor', async (format) => {
  const base = await openCheckpoint(await asSources(tinyFolder(config, { format })));
  const { tensors } = adaptedCheckpoint(base, adapter(['q_proj', 'down_proj']));
  expect([...tensors.keys()]).toEqual([...base.tensors.keys()]);
  for (const [name, tensor] of tensors) {
    const stored = base.tensors.get(name)!;
    if (!/q_proj|down_proj/.test(name)) {
      expect(tensor).toBe(stored);
      continue;
    }
    expect([tensor.format, tensor.shape, tensor.bytes]).toEqual([
      'F32',
      stored.shape,
      4 * stored.shape[0]! * stored.shape[1]!,
    ]);
    const [was, is] = [dequantize(stored.format, await stored.read()), dequantize('F32', await tensor.read())];
    const pair = adapter(['q_proj', 'down_proj']).pairs.find(
      ({ layer, projection }) => name.includes(`.${layer}.`) && name.includes(projection),
    )!;
    const inputs = stored.shape[1]!;
    for (const [out, i] of [
      [0, 0],
      [3, 7],
      [stored.shape[0]! - 1, inputs - 1],
    ] as const) {
      let change = 0;
      for (let r = 0; r < 4; r++) change += 2 * pair.b[out * 4 + r]! * pair.a[r * inputs + i]!;
      expect(is[out * inputs + i]).toBeCloseTo(was[out * inputs + i]! + change, 5);
    }
  }
});
