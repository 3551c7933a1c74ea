import { create } from 'webgpu';
import gridWgsl from '../shaders/lib/grid.wgsl?raw';
import { openDevice } from '../src/gpu/device';
import { Gpu } from '../src/gpu/gpu';
import { grid } from '../src/gpu/grid';
import { compile } from '../src/gpu/kernel';
import copyWgsl from './copy.wgsl?raw';
import peakWgsl from './peak.wgsl?raw';

const instance = create([]); // global: Dawn crashes when it is collected

/** The adapter that Dawn grants to Node. */
export async function benchGpu(): Promise<Gpu> {
  const { device, facts } = await openDevice(instance);
  return new Gpu(device, facts);
}

/**
 * Seconds of one call of `record`: the best of many short batches, since others may share the machine. A call shorter
 * than `batchMs` is repeated within a batch, so that the submit's own cost does not count.
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

/** The multiply-add peak as a yardstick: what arithmetic alone reaches, in GFLOP/s (2 per multiply-add). */
export interface Peak {
  readonly gflops: number;
  /**
   * A kernel's best GFLOP/s, and its share of the peak: its fastest run against the fastest run of pure arithmetic as
   * long, taken in turns.
   */
  share(record: () => void, flop: number): Promise<{ gflops: number; share: number }>;
}

export async function multiplyAddPeak(gpu: Gpu): Promise<Peak> {
  const threads = gpu.facts.software ? 2 ** 12 : 2 ** 19;
  const rounds = 64;
  const flop = 2 * 32 * rounds * threads;
  const y = gpu.tensor('peak', [threads]);
  const kernel = await compile(gpu, {
    label: 'bench.peak',
    source: [peakWgsl],
    bindings: { y: 'write' },
    params: { rounds: 'u32', b: 'f32', c: 'f32' },
  });
  const run = () =>
    kernel.record(gpu.recorder, { y }, { rounds, b: 0.5, c: 0.25 }, threads / 64, threads * rounds * 2 ** -15);
  const once = await seconds(gpu, run);
  const timed = async (record: () => void, count: number) => {
    const start = performance.now();
    for (let i = 0; i < count; i++) record();
    await gpu.done();
    return (performance.now() - start) / count / 1000;
  };
  return {
    gflops: flop / once / 1e9,
    async share(record, of) {
      const best = await seconds(gpu, record, { totalMs: 100, tries: 2 });
      const count = Math.max(1, Math.ceil(0.004 / best));
      const peakCount = Math.max(1, Math.round((best * count) / once));
      const runs = [];
      for (let i = 0; i < 9; i++) runs.push([await timed(record, count), await timed(run, peakCount)] as const);
      const own = Math.min(...runs.map(([time]) => time));
      const peak = Math.min(...runs.map(([, time]) => time));
      return { gflops: of / own / 1e9, share: of / own / (flop / peak) };
    },
  };
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
