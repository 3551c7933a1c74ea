import { create } from 'webgpu';
import gridWgsl from '../shaders/lib/grid.wgsl?raw';
import { openDevice } from '../src/gpu/device';
import { Gpu } from '../src/gpu/gpu';
import { grid } from '../src/gpu/grid';
import { compile } from '../src/gpu/kernel';
import copyWgsl from './copy.wgsl?raw';
import peakWgsl from './peak.wgsl?raw';

const instance = create([]); // kept: Dawn crashes when it is collected

/** The adapter that Dawn grants to Node. */
export async function benchGpu(): Promise<Gpu> {
  const { device, facts } = await openDevice(instance);
  return new Gpu(device, facts);
}

/**
 * Seconds of one call of `record`: the best of many short batches, since others may share the machine. A call shorter than `batchMs`
 * is repeated within a batch, so that the submit's own cost does not count.
 */
export async function seconds(
  gpu: Gpu,
  record: () => void,
  { batchMs = 4, totalMs = 400, tries = 5 }: { batchMs?: number; totalMs?: number; tries?: number } = {},
): Promise<number> {
  const once = async (count: number) => {
    const start = performance.now();
    for (let i = 0; i < count; i++) record();
    await gpu.done();
    return (performance.now() - start) / count;
  };
  await once(1); // compiles, pages in
  let best = await once(1);
  const end = performance.now() + totalMs;
  for (let i = 0; i < tries || performance.now() < end; i++) {
    best = Math.min(best, await once(Math.max(1, Math.ceil(batchMs / best))));
  }
  return best / 1000;
}

/** Multiply-adds per second in units of 10^9 floating-point operations (2 each): what arithmetic alone can reach. */
export async function multiplyAddPeak(gpu: Gpu): Promise<number> {
  const threads = gpu.facts.software ? 2 ** 13 : 2 ** 20;
  const rounds = 256;
  const y = gpu.tensor('peak', [threads]);
  const kernel = await compile(gpu, {
    label: 'bench.peak',
    source: [peakWgsl],
    bindings: { y: 'write' },
    params: { rounds: 'u32', b: 'f32', c: 'f32' },
  });
  const best = await seconds(gpu, () =>
    kernel.record(gpu.recorder, { y }, { rounds, b: 0.5, c: 0.25 }, threads / 64, threads * rounds * 2 ** -15),
  );
  gpu.release(y.buffer);
  return (2 * 32 * rounds * threads) / best / 1e9;
}

/** Bytes read plus bytes written per second by a large copy, in 10^9. */
export async function copyBandwidth(gpu: Gpu): Promise<number> {
  const count = 2 ** 22; // vec4: 64 MiB
  const x = gpu.tensor('copy from', [4 * count]);
  const y = gpu.tensor('copy to', [4 * count]);
  const kernel = await compile(gpu, {
    label: 'bench.copy',
    source: [gridWgsl, copyWgsl],
    bindings: { x: 'read', y: 'write' },
    params: { count: 'u32' },
  });
  const best = await seconds(gpu, () => kernel.record(gpu.recorder, { x, y }, { count }, grid(count / 64), 64));
  gpu.release(x.buffer);
  gpu.release(y.buffer);
  return (32 * count) / best / 1e9;
}
