import { z } from 'zod';
import type { Gpu } from '../gpu/gpu';
import { gemm } from './gemm';
import { isRight, tableOf } from './gemmCheck';
import {
  defaultTable,
  type GemmRule,
  type GemmTable,
  type GemmVariant,
  hasWideSubgroups,
  type Orientation,
  register,
  split,
  subgroup,
  workgroup,
} from './gemmVariants';
import type { WeightFormat } from './weight';
import { releaseWeight, zeroWeight } from './weightUpload';

/** What a cache may hold: the table of one adapter. */
export const gemmTableSchema = z.array(
  z.object({
    orientation: z.enum(['forward', 'inputGrad', 'weightGrad']),
    formats: z.array(z.enum(['f32', 'bf16', 'f16', 'q8', 'q4'])),
    maxRows: z.number().int().positive().optional(),
    maxColumns: z.number().int().positive().optional(),
    variant: z.object({
      kind: z.enum(['register', 'subgroup', 'workgroup', 'split']),
      lanes: z.number().int().positive().max(256),
      across: z.number().int().positive().max(256),
      rows: z.number().int().positive().max(32),
      width: z.number().int().positive().max(8),
      depth: z.number().int().positive().max(32).optional(),
    }),
  }),
);

export interface TuneOptions {
  readonly formats: readonly WeightFormat[];
  /** Sizes of the model's matrices, input by output. */
  readonly shapes: readonly { readonly K: number; readonly N: number }[];
  /** Rows of a training or prefill batch. */
  readonly rows: number;
  /** Told before each candidate. */
  readonly progress?: (done: number, all: number) => void;
  /** What to try instead of the built-in list; `few` is undefined for a full batch of rows. */
  readonly candidates?: typeof builtIn;
}

/** Row counts that get a rule of their own in forward: decoding one, a few and many sequences. */
const FEW = [1, 8, 32] as const;

function builtIn(gpu: Gpu, orientation: Orientation, few: number | undefined): GemmVariant[] {
  const subgroups = hasWideSubgroups(gpu);
  if (few) {
    const rows = Math.min(few, 8);
    return [
      split(256, 8, rows),
      split(128, 16, rows),
      split(64, 4, rows),
      register(64, 64, rows, 1),
      register(8, 8, rows, 2),
      ...(subgroups && few > 1 ? [subgroup(64, 8, 1), subgroup(8, 8, 2)] : []),
    ];
  }
  const width = orientation === 'inputGrad' ? 4 : 1;
  return [
    workgroup(4, width),
    workgroup(8, width, 8),
    register(64, 64, 4, 1),
    register(64, 8, 4, 2),
    register(8, 8, 8, 1),
    ...(subgroups ? [subgroup(64, 8, 1), subgroup(64, 16, 1), subgroup(8, 16, 2)] : []),
  ];
}

/**
 * Times hand-picked variants at a model's sizes and returns the fastest of those that give the right answer on this adapter, in
 * front of the default table, which stays for what was not tried. A variant that does not compile, or is wrong, is dropped.
 * Takes seconds on a GPU; not meant for software adapters, whose compiler takes seconds for each variant.
 */
export async function tuneGemm(gpu: Gpu, options: TuneOptions): Promise<GemmTable> {
  const { formats, shapes, rows, progress, candidates = builtIn } = options;
  const jobs = formats.flatMap((format) => [
    ...FEW.map((few) => ({ orientation: 'forward' as const, format, few })),
    { orientation: 'forward' as const, format, few: undefined },
    { orientation: 'inputGrad' as const, format, few: undefined },
  ]);
  const all = [...jobs, { orientation: 'weightGrad' as const, format: 'f32' as const, few: undefined }];
  const tried = all.map((job) => candidates(gpu, job.orientation, job.few));
  const total = tried.reduce((sum, list) => sum + list.length, 0);
  const rules: GemmRule[] = [];
  let done = 0;
  for (const [i, { orientation, format, few }] of all.entries()) {
    let best: { variant: GemmVariant; ms: number } | undefined;
    for (const variant of tried[i]!) {
      progress?.(done++, total);
      const rule: GemmRule = { orientation, formats: [format], variant, ...(few && { maxRows: few }) };
      if (!(await isRight(gpu, rule))) continue;
      const ms = await timeOf(gpu, rule, shapes, few ?? rows);
      if (!best || ms < best.ms) best = { variant, ms };
    }
    if (best) rules.push({ orientation, formats: [format], variant: best.variant, ...(few && { maxRows: few }) });
  }
  return [...narrow(gpu), ...rules, ...untried(gpu, rules)];
}

/** Rules for a narrow output, which is an adapter's. They come first. */
const narrow = (gpu: Gpu): GemmTable => defaultTable(gpu).filter(({ maxColumns }) => maxColumns);

/** The default rules for formats without a tuned rule that has no limits. */
const untried = (gpu: Gpu, rules: GemmTable): GemmTable =>
  defaultTable(gpu)
    .filter(({ maxColumns }) => !maxColumns)
    .map((rule) => ({
      ...rule,
      formats: rule.formats.filter(
        (format) => !rules.some((r) => r.orientation === rule.orientation && !r.maxRows && r.formats.includes(format)),
      ),
    }))
    .filter(({ formats }) => formats.length > 0);

/** Milliseconds of one pass over all shapes: the best of five. */
async function timeOf(gpu: Gpu, rule: GemmRule, shapes: TuneOptions['shapes'], M: number): Promise<number> {
  const op = await gemm(gpu, { table: tableOf(rule) });
  const format = rule.formats[0]!;
  await op.prepare(format);
  let ms = 0;
  for (const { K, N } of shapes) {
    const weight = zeroWeight(gpu, 'tuner', { format, K, N });
    const x = gpu.tensor('tuner x', [M, K]);
    const y = gpu.tensor('tuner y', [M, N]);
    const run = async (count: number) => {
      const start = performance.now();
      for (let i = 0; i < count; i++) {
        if (rule.orientation === 'forward') op.forward(gpu.recorder, { x, y }, weight);
        else if (rule.orientation === 'inputGrad') op.inputGrad(gpu.recorder, { dy: y, dx: x }, weight);
        else op.weightGrad(gpu.recorder, { x, dy: y }, weight);
      }
      await gpu.done();
      return (performance.now() - start) / count;
    };
    const count = Math.max(1, Math.min(50, Math.ceil(5 / (await run(2)))));
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 5; i++) best = Math.min(best, await run(count));
    ms += best;
    releaseWeight(gpu, weight);
    for (const { buffer } of [x, y]) gpu.release(buffer);
  }
  return ms;
}
