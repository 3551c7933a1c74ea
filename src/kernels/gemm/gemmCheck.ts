import type { Gpu } from '../../gpu/gpu';
import { QUANT_BLOCK, type WeightFormat } from '../weights/weight';
import { isQuantised } from '../weights/weightLayout';
import { readWeight, releaseWeight, uploadWeight } from '../weights/weightUpload';
import { gemm } from './gemm';
import type { GemmRule, GemmTable } from './gemmVariants';

/** A table that answers for every case, with `rule` for its own. `prepare` compiles only this rule. */
export const tableOf = (rule: GemmRule): GemmTable => [{ ...rule, maxRows: undefined }];

/** Whether a variant agrees with plain loops. False too where it does not compile. */
export const isRight = async (gpu: Gpu, rule: GemmRule): Promise<boolean> => (await probe(gpu, rule)) !== null;

/**
 * The result of a variant on a small case with tails on every side; null where it differs from plain loops or does not
 * compile.
 */
export async function probe(gpu: Gpu, rule: GemmRule): Promise<Float32Array | null> {
  const { orientation } = rule;
  const format = rule.formats[0]!;
  const [M, K, N] = [19, isQuantised(format) ? 3 * QUANT_BLOCK : 67, 41];
  const wave = (n: number, seed: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(1.7 * i + seed));
  let op: Awaited<ReturnType<typeof gemm>>;
  try {
    op = await gemm(gpu, { table: tableOf(rule) });
    await op.prepare(format);
  } catch {
    return null;
  }
  const weight = uploadWeight(gpu, 'tuner', storedWave(format, N, K));
  const W = await readWeight(gpu, weight); // (N, K)
  const x = gpu.tensor('tuner x', [M, K], wave(M * K, 1));
  const y = gpu.tensor('tuner y', [M, N], wave(M * N, 2));
  const [a, b] = [wave(M * K, 1), wave(M * N, 2)];
  let got: Float32Array;
  let want: (i: number) => number;
  const sum = (n: number, term: (j: number) => number) => {
    let total = 0;
    for (let j = 0; j < n; j++) total += term(j);
    return total;
  };
  if (orientation === 'forward') {
    op.forward(gpu.recorder, { x, y }, weight);
    got = await gpu.readF32(y);
    want = (i) => sum(K, (k) => a[Math.floor(i / N) * K + k]! * W[(i % N) * K + k]!);
  } else if (orientation === 'inputGrad') {
    op.inputGrad(gpu.recorder, { dy: y, dx: x }, weight);
    got = await gpu.readF32(x);
    want = (i) => sum(N, (n) => b[Math.floor(i / K) * N + n]! * W[n * K + (i % K)]!);
  } else {
    op.weightGrad(gpu.recorder, { x, dy: y }, weight);
    got = await readWeight(gpu, weight);
    want = (i) => W[i]! + sum(M, (m) => a[m * K + (i % K)]! * b[m * N + Math.floor(i / K)]!);
  }
  releaseWeight(gpu, weight);
  for (const { buffer } of [x, y]) gpu.release(buffer);
  return got.every((value, i) => Math.abs(value - want(i)) < 1e-3) ? got : null;
}

export function sameBits(a: Float32Array, b: Float32Array): boolean {
  const [x, y] = [a, b].map(({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length)) as [
    Uint32Array,
    Uint32Array,
  ];
  return x.length === y.length && x.every((bits, i) => bits === y[i]);
}

/** A small stored matrix whose values are of order 1 in any format. */
function storedWave(format: WeightFormat, N: number, K: number) {
  const bytes = new Uint8Array({ f32: 4, bf16: 2, f16: 2, q8: 34 / 32, q4: 20 / 32 }[format] * N * K);
  const at = new DataView(bytes.buffer);
  const half = (i: number) => (i % 3 === 0 ? 0x8000 : 0) | (0x2c00 + ((i * 37) % 0xc00)); // ±0.06 … 0.5, as bf16 tiny but finite
  if (format === 'f32') for (let i = 0; i < N * K; i++) at.setFloat32(4 * i, Math.sin(0.3 * i), true);
  else if (format === 'bf16') for (let i = 0; i < N * K; i++) at.setUint16(2 * i, 0x3e80 + ((i * 29) % 0x100), true);
  else if (format === 'f16') for (let i = 0; i < N * K; i++) at.setUint16(2 * i, half(i), true);
  else {
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 101 + (i >> 3)) & 255;
    const size = format === 'q8' ? 34 : 20;
    for (let from = 0; from < bytes.length; from += size) {
      at.setUint16(from, 0x2000 | (from & 1023), true); // about 0.01
      if (format === 'q4') at.setUint16(from + 2, 0xb000 | (from & 1023), true); // about −0.2
    }
  }
  const stored = { f32: 'F32', bf16: 'BF16', f16: 'F16', q8: 'Q8_0', q4: 'Q4_1' } as const;
  return { format: stored[format], shape: [N, K] as const, bytes };
}
