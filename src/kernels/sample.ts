import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import randomWgsl from '../../shaders/lib/random.wgsl?raw';
import rowSoftmaxWgsl from '../../shaders/lib/rowSoftmax.wgsl?raw';
import scaledLogitWgsl from '../../shaders/lib/scaledLogit.wgsl?raw';
import selectWgsl from '../../shaders/lib/select.wgsl?raw';
import filterWgsl from '../../shaders/sample.filter.wgsl?raw';
import sampleWgsl from '../../shaders/sample.wgsl?raw';
import type { Sampling } from '../domain/recipe/sampling';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';
import { vocabularyWorkgroup } from './logprob';
import { reduction } from './reduction';

export type Filters = Omit<Sampling, 'maxNewTokens'>;

/** Words of the bitset of a vocabulary of V tokens. */
export const bitsetWords = (V: number): number => Math.ceil(V / 32);

const COUNT = 0;
const MASS = 1;

const SHAPES = {
  logits: 'B V',
  rowSlot: 'N',
  rowPosition: 'N',
  seed: 'S',
  seen: 'S W',
  cut: 'B 2',
  token: 'B',
  score: 'B 2',
} as const;

/**
 * Draws the next token of each row. State lives by slot: `seed` (S), and `seen` (S, ceil(V / 32)), the bitset of tokens
 * that the repetition penalty acts on, which only a penalty other than 1 reads or updates. reference/sample.ts has the
 * plain loops.
 */
export async function sample(gpu: Gpu) {
  const { wgsl: reduceWgsl, settings } = reduction(gpu.facts, vocabularyWorkgroup(gpu));
  const scaling = {
    B: 'u32',
    V: 'u32',
    inverse_temperature: 'f32',
    penalty: 'f32',
    inverse_penalty: 'f32',
  } as const;
  const filter = await compile(gpu, {
    label: 'sample.filter',
    source: [reduceWgsl, gridWgsl, rowSoftmaxWgsl, scaledLogitWgsl, selectWgsl, filterWgsl],
    bindings: { logits: 'read', rowSlot: 'read', seen: 'update', cut: 'update' },
    params: { ...scaling, measured: 'u32', goal: 'f32', first: 'u32' },
    ...settings,
  });
  const draw = await compile(gpu, {
    label: 'sample',
    source: [reduceWgsl, gridWgsl, randomWgsl, rowSoftmaxWgsl, scaledLogitWgsl, selectWgsl, sampleWgsl],
    bindings: {
      logits: 'read',
      rowSlot: 'read',
      rowPosition: 'read',
      seed: 'read',
      seen: 'update',
      cut: 'read',
      token: 'write',
      score: 'write',
    },
    params: { ...scaling, greedy: 'u32', filtered: 'u32', log_min_p: 'f32' },
    ...settings,
  });

  return {
    /**
     * logits (B, V); row b belongs to slot rowSlot[b] and its token stands at rowPosition[b]; → token (B) u32 for the
     * next position, score (B, 2) = its logprob (log-softmax of logits / temperature over the whole vocabulary;
     * temperature 1 when greedy), and entropy. `cut` (B, 2) u32 is scratch. Rows in use must have distinct slots when
     * there is a penalty.
     */
    forward(
      to: Recorder,
      t: Record<keyof typeof SHAPES, Tensor>,
      { rows, temperature, topK, topP, minP, repetitionPenalty }: Filters & { rows?: number },
    ) {
      const { B, V } = dims(SHAPES, t) as { B: number; V: number };
      const n = rows ?? B;
      const greedy = temperature === 0;
      const scale = {
        B: n,
        V,
        inverse_temperature: greedy ? 1 : 1 / temperature,
        penalty: repetitionPenalty,
        inverse_penalty: 1 / repetitionPenalty,
      };
      const passCost = (4 * n * V) / 2 ** 20;
      const byCount = !greedy && topK > 0 && topK < V;
      const byMass = !greedy && topP < 1;
      if (byCount) filter.record(to, t, { ...scale, measured: COUNT, goal: topK, first: 1 }, grid(n), 14 * passCost);
      if (byMass) {
        filter.record(to, t, { ...scale, measured: MASS, goal: topP, first: byCount ? 0 : 1 }, grid(n), 14 * passCost);
      }
      const last = {
        greedy: greedy ? 1 : 0,
        filtered: byCount || byMass ? 1 : 0,
        log_min_p: !greedy && minP > 0 ? Math.log(minP) : -1e30,
      };
      draw.record(to, t, { ...scale, ...last }, grid(n), (repetitionPenalty === 1 ? 4 : 6) * passCost);
    },
  };
}
