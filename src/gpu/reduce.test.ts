import { expect, it } from 'vitest';
import reduceWgsl from '../../shaders/lib/reduce.wgsl?raw';
import { compile } from './kernel';
import { guarded, poison, readGuarded, seeded, testGpu } from './test/testGpu';

// Two reductions in a row: a missing barrier after the first would let the second overwrite what slow lanes still read.
const twice = `
struct Params { n: u32 }
@group(0) @binding(0) var<storage, read> x: array<f32>; // (n)
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // (2 · WORKGROUP)
@group(1) @binding(0) var<uniform> params: Params;
@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  var value = 0.0;
  if (lane < params.n) { value = x[lane]; }
  let sum = workgroup_sum(lane, value);
  let largest = workgroup_max(lane, value - sum - 100.0); // below 0
  y[lane] = sum;
  y[WORKGROUP + lane] = largest;
}`;

it.each([1, 8, 64, 256])('sums and finds the maximum for every one of %i lanes', async (lanes) => {
  const gpu = await testGpu();
  const kernel = await compile(gpu, {
    label: `twice ${lanes}`,
    source: [reduceWgsl, twice],
    bindings: { x: 'read', y: 'write' },
    params: { n: 'u32' },
    overrides: { WORKGROUP: lanes },
  });
  const x = seeded(lanes, 3);
  const y = guarded(gpu, 'y', [2 * lanes], poison(2 * lanes));
  kernel.record(gpu.recorder, { x: gpu.tensor('x', [lanes], x), y }, { n: lanes }, 1);
  const got = await readGuarded(gpu, y);
  const sum = x.reduce((a, b) => a + b, 0);
  for (let lane = 0; lane < lanes; lane++) {
    expect(got[lane]).toBeCloseTo(sum, 4);
    expect(got[lanes + lane]).toBeCloseTo(Math.max(...x.map((value) => value - sum - 100)), 4);
  }
});
