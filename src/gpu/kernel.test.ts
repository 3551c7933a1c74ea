import { expect, it } from 'vitest';
import { compile } from './kernel';
import { PARAM_STRIDE } from './recorder';
import { seeded, testGpu } from './test/testGpu';

const scale = `
struct Params { n: u32, factor: f32 }
@group(0) @binding(0) var<storage, read> x: array<f32>; // (n)
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // (n)
@group(1) @binding(0) var<uniform> params: Params;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < params.n) { y[id.x] = x[id.x] * params.factor; }
}`;
const spec = {
  label: 'scale',
  source: [scale],
  bindings: { x: 'read', y: 'write' },
  params: { n: 'u32', factor: 'f32' },
} as const;

it('gives every dispatch its own parameters, over more dispatches than a submit holds', async () => {
  const gpu = await testGpu();
  const kernel = await compile(gpu, spec);
  const x = gpu.tensor('x', [3], seeded(3, 1));
  const ys = Array.from({ length: 1500 }, (_, i) => gpu.tensor(`y ${i}`, [3]));
  ys.forEach((y, i) => {
    kernel.record(gpu.recorder, { x, y }, { n: 3, factor: i }, 1);
  });
  for (const i of [0, 1, 1023, 1024, 1499]) {
    expect([...(await gpu.readF32(ys[i]!))]).toEqual([...seeded(3, 1)].map((value) => Math.fround(value * i)));
  }
  expect(PARAM_STRIDE * 1024).toBeLessThanOrEqual(gpu.recorder.paramBuffer.size);
});

it('makes pipelines and bind groups once', async () => {
  const gpu = await testGpu();
  const kernel = await compile(gpu, spec);
  expect(await compile(gpu, spec)).toBe(kernel);
  const [x, y] = [gpu.tensor('x', [3]), gpu.tensor('y', [3])];
  kernel.record(gpu.recorder, { x, y }, { n: 3, factor: 1 }, 1);
  const before = { ...gpu.counters };
  kernel.record(gpu.recorder, { x, y }, { n: 3, factor: 2 }, 1);
  await gpu.done();
  const { bindGroups, pipelines, buffers } = gpu.counters;
  expect({ bindGroups, pipelines, buffers }).toEqual({
    bindGroups: before.bindGroups,
    pipelines: before.pipelines,
    buffers: before.buffers,
  });
});

it('drops bind groups with their buffers, and submits what is recorded of a buffer before it goes', async () => {
  const gpu = await testGpu();
  const kernel = await compile(gpu, spec);
  await gpu.done();
  const before = { ...gpu.counters };
  const kept = gpu.tensor('kept', [3], Float32Array.of(1, 2, 3));
  for (let run = 0; run < 2; run++) {
    const y = gpu.tensor('y', [3]);
    kernel.record(gpu.recorder, { x: kept, y }, { n: 3, factor: 2 }, 1);
    expect(gpu.counters.bindGroups).toBe(before.bindGroups + 1);
    gpu.release(y.buffer);
    expect(gpu.counters.bindGroups).toBe(before.bindGroups);
  }
  await gpu.done(); // throws if a command buffer named a destroyed buffer
  gpu.release(kept.buffer);
  expect(gpu.counters).toMatchObject({ buffers: before.buffers, bytes: before.bytes, bindGroups: before.bindGroups });
});

it('refuses bindings in another order than the WGSL', async () => {
  const gpu = await testGpu();
  await expect(compile(gpu, { ...spec, label: 'swapped', bindings: { y: 'write', x: 'read' } })).rejects.toThrow(
    'swapped: WGSL binds (x, y), TypeScript (y, x)',
  );
});

it('names kernel, line and message when the WGSL is wrong', async () => {
  const gpu = await testGpu();
  const broken = { ...spec, label: 'broken', source: [scale.replace('params.factor', 'params.factr')] };
  await expect(compile(gpu, broken)).rejects.toThrow(/broken did not compile[\s\S]*9:.*factr/);
});

it('surfaces a validation error at the next wait', async () => {
  const gpu = await testGpu();
  const kernel = await compile(gpu, spec);
  const x = gpu.tensor('same buffer', [64]);
  kernel.record(gpu.recorder, { x, y: x }, { n: 3, factor: 1 }, 1); // read and written in one dispatch
  await expect(gpu.done()).rejects.toThrow('same buffer');
  await gpu.done(); // reported once
});

it('refuses a write that does not fit', async () => {
  const gpu = await testGpu();
  const x = gpu.tensor('x', [3]);
  expect(() => gpu.write(x, new Float32Array(2), 2)).toThrow('x: 2 elements from 2 do not fit (3)');
});
