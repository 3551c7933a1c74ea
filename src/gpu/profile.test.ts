import { expect, it } from 'vitest';
import { compile } from './kernel';
import { Profile } from './profile';
import { testGpu } from './test/testGpu';

const WGSL = `
struct Params { rounds: u32 }
@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  var s = f32(id.x);
  for (var i = 0u; i < params.rounds; i++) { s = s * 0.5 + 0.25; }
  y[id.x] = s;
}`;

it('gives the GPU time of each kernel, and stops when told', async () => {
  const gpu = await testGpu();
  const y = gpu.tensor('y', [1024]);
  const spec = { source: [WGSL], bindings: { y: 'write' }, params: { rounds: 'u32' } } as const;
  const long = await compile(gpu, { ...spec, label: 'long' });
  const short = await compile(gpu, { ...spec, label: 'short' });
  const profile = new Profile(gpu);
  profile.start();
  long.record(gpu.recorder, { y }, { rounds: 200_000 }, 16);
  short.record(gpu.recorder, { y }, { rounds: 1 }, 16);
  short.record(gpu.recorder, { y }, { rounds: 1 }, 16);
  const { kernels, missed } = await profile.stop();
  expect(kernels.map(({ label, calls }) => [label, calls])).toEqual([
    ['long', 1],
    ['short', 2],
  ]);
  expect(kernels[0]!.ms).toBeGreaterThan(kernels[1]!.ms);
  expect(missed).toBe(0);

  long.record(gpu.recorder, { y }, { rounds: 1 }, 16);
  expect((await profile.stop()).kernels).toEqual([]);
  profile.destroy();
});
