import { expect, it } from 'vitest';
import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import { grid } from './grid';
import { compile } from './kernel';
import { guarded, poison, readGuarded, testGpu } from './test/testGpu';

const numbered = `
struct Params { n: u32 }
@group(0) @binding(0) var<storage, read_write> y: array<f32>; // (n)
@group(1) @binding(0) var<uniform> params: Params;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  let index = grid_index(group);
  if (index < params.n) { y[index] = f32(index); }
}`;

// One line, just full; two lines; more workgroups than a dispatch allows in one dimension.
it.each([1, 32_768, 32_769, 70_000])('numbers %i workgroups', async (n) => {
  const gpu = await testGpu();
  const bindings = { y: 'write' } as const;
  const kernel = await compile(gpu, {
    label: 'numbered',
    source: [gridWgsl, numbered],
    bindings,
    params: { n: 'u32' },
  });
  const y = guarded(gpu, 'y', [n], poison(n));
  kernel.record(gpu.recorder, { y }, { n }, grid(n));
  expect(await readGuarded(gpu, y)).toEqual(Float32Array.from({ length: n }, (_, i) => i));
});
