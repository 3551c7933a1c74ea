import { expect, it } from 'vitest';
import randomWgsl from '../shaders/lib/random.wgsl?raw';
import { compile } from './gpu/kernel';
import { guarded, poison, readGuarded, testGpu } from './gpu/test/testGpu';
import { random, unitFloat } from './random';

const source = `
struct Params { N: u32, key0: u32, key1: u32 }
@group(0) @binding(0) var<storage, read> counter: array<vec2u>;
@group(0) @binding(1) var<storage, read_write> words: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> unit: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.N) { return; }
  words[id.x] = random(vec2u(params.key0, params.key1), counter[id.x]);
  unit[id.x] = unit_float(words[id.x].x);
}`;

it('gives the same bits on the GPU', async () => {
  const gpu = await testGpu();
  const N = 101;
  const kernel = await compile(gpu, {
    label: 'random.test',
    source: [randomWgsl, source],
    bindings: { counter: 'read', words: 'write', unit: 'write' },
    params: { N: 'u32', key0: 'u32', key1: 'u32' },
  });
  const edge = [0, 1, 0xffffffff, 0x80000000, 0x0000ffff, 0xffff0000];
  const counters = Array.from({ length: N }, (_, i) => [edge[i % 6]!, (i * 2654435761) >>> 0] as const);
  for (const key of [
    [0, 0],
    [0xffffffff, 0xffffffff],
    [123456789, 3],
  ] as const) {
    const t = {
      counter: gpu.tensor('counter', [N, 2], Uint32Array.from(counters.flat())),
      words: guarded(gpu, 'words', [N, 4], new Uint32Array(4 * N)),
      unit: guarded(gpu, 'unit', [N], poison(N)),
    };
    kernel.record(gpu.recorder, t, { N, key0: key[0], key1: key[1] }, Math.ceil(N / 64));
    const want = counters.map((counter) => random(key, counter));
    const got = (await gpu.readU32(t.words)).subarray(0, 4 * N);
    expect([...got]).toEqual(want.flat());
    expect([...(await readGuarded(gpu, t.unit))]).toEqual(want.map(([word]) => unitFloat(word)));
  }
});
