import type { Gpu } from '../src/gpu/gpu';
import type { Tensor } from '../src/gpu/tensor';
import { gemm } from '../src/kernels/gemm/gemm';
import type { Weight, WeightFormat } from '../src/kernels/weights/weight';
import { weightBytes } from '../src/kernels/weights/weightLayout';
import { releaseWeight, zeroWeight } from '../src/kernels/weights/weightUpload';
import { copyBandwidth, multiplyAddPeak, seconds } from './measure';

const FORMATS = ['f32', 'bf16', 'q8', 'q4'] as const satisfies readonly WeightFormat[];

interface Shape {
  readonly name: string;
  readonly M: number;
  readonly K: number;
  readonly N: number;
}

/** x (M, K) · W (K, N). Heads come in chunks of rows; their f32 form is left out where one buffer cannot hold it. */
const SHAPES: readonly Shape[] = [
  { name: '512x1024x1024', M: 512, K: 1024, N: 1024 },
  { name: 'tiny up', M: 512, K: 128, N: 512 },
  { name: 'tiny head', M: 512, K: 128, N: 1024 },
  { name: 'SmolLM2 q, o', M: 256, K: 576, N: 576 },
  { name: 'SmolLM2 gate, up', M: 256, K: 576, N: 1536 },
  { name: 'SmolLM2 down', M: 256, K: 1536, N: 576 },
  { name: 'SmolLM2 head', M: 32, K: 576, N: 49152 },
  { name: 'Qwen3-0.6B gate, up', M: 256, K: 1024, N: 3072 },
  { name: 'Qwen3-0.6B head', M: 16, K: 1024, N: 151936 },
];

const SKINNY: readonly Shape[] = [
  { name: 'SmolLM2 gate, up', M: 0, K: 576, N: 1536 },
  { name: 'Qwen3-0.6B gate, up', M: 0, K: 1024, N: 3072 },
];

/**
 * Matrix products as a share of the adapter's own multiply-add peak, each run against a run of pure arithmetic as long.
 */
export async function gemmSection(gpu: Gpu, print: (line: string) => void): Promise<void> {
  const op = await gemm(gpu);
  for (const format of FORMATS) await op.prepare(format);
  const peak = await multiplyAddPeak(gpu);
  print(`multiply-add peak ${peak.gflops.toFixed(1)} GFLOP/s, copy ${(await copyBandwidth(gpu)).toFixed(1)} GB/s`);
  const rate = async ({ M, K, N }: Shape, record: () => void) => {
    const { gflops, share } = await peak.share(record, 2 * M * K * N);
    return `${gflops.toFixed(1).padStart(8)} ${(100 * share).toFixed(0).padStart(3)} %`;
  };

  print(
    `\n${'GFLOP/s, share of peak'.padEnd(34)}${'forward'.padStart(14)}${'inputGrad'.padStart(14)}${'weightGrad'.padStart(14)}`,
  );
  for (const shape of SHAPES) {
    const { name, M, K, N } = shape;
    const x = gpu.tensor('x', [M, K], new Float32Array(M * K).fill(1));
    const y = gpu.tensor('y', [M, N]);
    for (const format of FORMATS) {
      if (weightBytes(format, K, N) > 2 ** 28 && gpu.facts.software) continue; // minutes, and memory the machine may lack
      const weight = zeroWeight(gpu, name, { format, K, N });
      const columns = [
        await rate(shape, () => op.forward(gpu.recorder, { x, y }, weight)),
        await rate(shape, () => op.inputGrad(gpu.recorder, { dy: y, dx: x }, weight)),
      ];
      if (format === 'f32') columns.push(await rate(shape, () => op.weightGrad(gpu.recorder, { x, dy: y }, weight)));
      print(`${name.padEnd(24)} ${`M ${M}`.padEnd(6)}${format.padEnd(4)}${columns.join('')}`);
      releaseWeight(gpu, weight);
    }
    for (const { buffer } of [x, y]) gpu.release(buffer);
  }

  print(
    `\nfew rows${''.padEnd(26)}${'M = 1'.padStart(12)}${'M = 8'.padStart(12)}${'M = 32'.padStart(12)}  (GB/s of weights at M = 1)`,
  );
  for (const { name, K, N } of SKINNY) {
    for (const format of FORMATS) {
      const weight = zeroWeight(gpu, name, { format, K, N });
      print(`${name.padEnd(30)}${format.padEnd(4)}${await skinny(gpu, op, weight)}`);
      releaseWeight(gpu, weight);
    }
  }
}

async function skinny(gpu: Gpu, op: Awaited<ReturnType<typeof gemm>>, weight: Weight): Promise<string> {
  const { format, K, N } = weight;
  let line = '';
  let first = 0;
  for (const M of [1, 8, 32]) {
    const t: Record<'x' | 'y', Tensor> = { x: gpu.tensor('x', [M, K]), y: gpu.tensor('y', [M, N]) };
    const took = await seconds(gpu, () => op.forward(gpu.recorder, t, weight));
    if (M === 1) first = took;
    line += `${(1000 * took).toFixed(3)} ms`.padStart(12);
    for (const { buffer } of [t.x, t.y]) gpu.release(buffer);
  }
  return `${line} ${(weightBytes(format, K, N) / first / 1e9).toFixed(2).padStart(6)}`;
}
