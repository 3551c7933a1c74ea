import type { Gpu } from '../src/gpu/gpu';
import { type AttentionVariant, attention, variantFor } from '../src/kernels/attention';
import { seconds } from './measure';

const HEADS = { H: 16, K: 8 };
/** Packed sequences of a batch, and their length. */
const BATCHES = [
  { sequences: 1, length: 2048 },
  { sequences: 16, length: 128 },
] as const;

/**
 * Milliseconds and GFLOP/s of attention by variant; of those that this adapter does not choose only on a graphics card.
 */
export async function attentionSection(gpu: Gpu, print: (line: string) => void): Promise<void> {
  const own = variantFor(gpu.facts);
  const others: AttentionVariant[] = gpu.facts.software
    ? []
    : ['plain', ...(gpu.facts.subgroupSize >= 4 ? ['subgroup' as const] : [])];
  const variants = [own, ...others.filter((variant) => variant !== own)];
  for (const headSize of gpu.facts.software ? [64] : [64, 128]) {
    for (const { sequences, length } of BATCHES) {
      if (gpu.facts.software && length > 128) continue;
      for (const variant of variants) {
        const took = await times(gpu, headSize, variant, sequences, length);
        // Pairs of a row and a visible key, D multiply-adds a product: two products forward, seven backward.
        const products = (HEADS.H * headSize * sequences * length * (length + 1)) / 2;
        const column = (seconds: number, count: number) =>
          `${(1000 * seconds).toFixed(2).padStart(9)} ms ${((2 * count * products) / seconds / 1e9).toFixed(0).padStart(6)}`;
        print(
          `D ${String(headSize).padEnd(4)} ${`${sequences} × ${length}`.padEnd(9)} ${variant.padEnd(10)} forward${column(took.forward, 2)}, backward${column(took.backward, 7)} GFLOP/s`,
        );
      }
    }
  }
}

async function times(gpu: Gpu, D: number, variant: AttentionVariant, sequences: number, length: number) {
  const { H, K } = HEADS;
  const N = sequences * length;
  const op = await attention(gpu, { headSize: D, variant });
  const wide = (label: string) => gpu.tensor(label, [N, H, D]);
  const narrow = (label: string) => gpu.tensor(label, [N, K, D]);
  const first = Uint32Array.from({ length: N }, (_, n) => n - (n % length));
  const t = {
    q: wide('q'),
    o: wide('o'),
    dO: wide('dO'),
    dq: wide('dq'),
    k: narrow('k'),
    v: narrow('v'),
    dk: narrow('dk'),
    dv: narrow('dv'),
    lse: gpu.tensor('lse', [N, H]),
    delta: gpu.tensor('delta', [N, H]),
    start: gpu.tensor('start', [N], first),
    end: gpu.tensor(
      'end',
      [N],
      first.map((n) => n + length),
    ),
  };
  const forward = await seconds(gpu, () => op.forward(gpu.recorder, t));
  const backward = await seconds(gpu, () => op.backward(gpu.recorder, t));
  for (const { buffer } of Object.values(t)) gpu.release(buffer);
  return { forward, backward };
}
