import { z } from 'zod';
import type { Gpu } from '../../gpu/gpu';
import type { WeightFormat } from '../weights/weight';
import { probe, sameBits } from './gemmCheck';
import { gemmKernel } from './gemmKernels';
import { type MatrixShape, timeOf } from './gemmTiming';
import {
  chooseVariant,
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
      groups: z.number().int().positive().max(16).optional(),
    }),
  }),
);

export interface TuneOptions {
  readonly formats: readonly WeightFormat[];
  /** Sizes of the model's matrices. */
  readonly shapes: readonly MatrixShape[];
  /** Rows of a training or prefill batch. */
  readonly rows: number;
  /** After this time no variant is tried; the others keep their rule. */
  readonly budgetMs?: number;
  /** Told before each variant. */
  readonly progress?: (done: number, all: number) => void;
  /** What to improve on. */
  readonly baseline?: GemmTable;
  /** What to try instead of the built-in list; `few` is undefined for a full batch of rows. */
  readonly candidates?: typeof builtIn;
  /** How variants are timed. */
  readonly measure?: typeof timeOf;
}

interface Job {
  readonly orientation: Orientation;
  readonly format: WeightFormat;
  /** Undefined: a full batch. */
  readonly few: number | undefined;
}

/** Row counts that get a rule of their own in forward: decoding one, a few and many sequences. */
const FEW = [1, 8, 32, 64] as const;

/** By row count, in as many slices of K as the default. */
const SPLITS: Readonly<Record<number, readonly GemmVariant[]>> = {
  1: [split(256, 8, 1), split(128, 4, 1), split(64, 2, 1)],
  8: [split(128, 4, 8), split(256, 4, 4, 2), split(256, 8, 4), split(64, 2, 8)],
  32: [split(128, 8, 8, 4), split(256, 8, 4, 8)],
  64: [split(128, 8, 8, 8), split(256, 8, 4, 16)],
};

/** Those that add in the same order as the default (gemmVariants.ts). */
export function builtIn(gpu: Gpu, { few }: Job): GemmVariant[] {
  if (few) return [...(SPLITS[few] ?? [])];
  return [
    workgroup(4, 1),
    workgroup(8, 1),
    workgroup(8, 2, 8),
    register(64, 64, 4, 1),
    register(64, 8, 4, 2),
    ...(hasWideSubgroups(gpu) ? [subgroup(64, 8, 1), subgroup(64, 16, 1)] : []),
  ];
}

/**
 * Times hand-picked variants at a model's sizes and returns a table with the fastest for each case. One that does not
 * compile, that is wrong on this adapter, or whose bits differ from the baseline's is dropped, so that tuning changes
 * the speed of a run and nothing else. About two seconds on a GPU; not meant for software adapters, whose compiler
 * takes seconds for each variant.
 */
export async function tuneGemm(gpu: Gpu, options: TuneOptions): Promise<GemmTable> {
  const { formats, shapes, rows, budgetMs = 2000, progress } = options;
  const { baseline = defaultTable(gpu), candidates = builtIn, measure = timeOf } = options;
  const columns = Math.min(...shapes.map(({ N }) => N));
  const jobs = jobsOf(formats).map((job) => {
    const usual = chooseVariant(baseline, { ...job, rows: job.few ?? rows, columns });
    const others = candidates(gpu, job).filter((variant) => nameOf(variant) !== nameOf(usual));
    return { job, tried: [...new Map([usual, ...others].map((variant) => [nameOf(variant), variant])).values()] };
  });
  const total = jobs.reduce((sum, { tried }) => sum + tried.length, 0);
  const end = performance.now() + budgetMs;
  const rules: GemmRule[] = [];
  let done = 0;
  for (const { job, tried } of jobs) {
    if (performance.now() >= end) break;
    const ruleOf = (variant: GemmVariant): GemmRule => ({
      orientation: job.orientation,
      formats: [job.format],
      variant,
      ...(job.few && { maxRows: job.few }),
    });
    await Promise.allSettled(tried.map((variant) => gemmKernel(gpu, job.orientation, job.format, variant))); // side by side
    let usual: Float32Array | null = null;
    let best: { variant: GemmVariant; ms: number } | undefined;
    for (const [i, variant] of tried.entries()) {
      progress?.(done + i, total);
      if (best && performance.now() >= end) break;
      const result = await probe(gpu, ruleOf(variant));
      if (i === 0) usual = result;
      if (!result || (usual && !sameBits(usual, result))) continue;
      const ms = await measure(gpu, ruleOf(variant), shapes, job.few ?? rows, best?.ms);
      if (!best || ms < best.ms) best = { variant, ms };
    }
    done += tried.length;
    if (best) rules.push(ruleOf(best.variant));
  }
  progress?.(total, total);
  return inFront(rules, baseline);
}

const nameOf = (variant: GemmVariant): string => Object.values(variant).join(' ');

/** What matters most comes first, as the time may run out: a step's products with the weights, then decoding. */
const jobsOf = (formats: readonly WeightFormat[]): Job[] => [
  ...formats.flatMap((format) => [
    { orientation: 'forward' as const, format, few: undefined },
    { orientation: 'inputGrad' as const, format, few: undefined },
    ...FEW.map((few) => ({ orientation: 'forward' as const, format, few })),
  ]),
  { orientation: 'weightGrad', format: 'f32', few: undefined },
];

/**
 * `rules` before those of the baseline that they do not replace. An adapter's narrow outputs come first, unlimited
 * rules last.
 */
function inFront(rules: GemmTable, baseline: GemmTable): GemmTable {
  const replaced = (old: GemmRule, format: WeightFormat) =>
    rules.some(
      (rule) =>
        rule.orientation === old.orientation &&
        rule.formats.includes(format) &&
        (old.maxRows ? (rule.maxRows ?? 0) >= old.maxRows : !rule.maxRows),
    );
  const kept = baseline
    .filter(({ maxColumns }) => !maxColumns)
    .map((old) => ({ ...old, formats: old.formats.filter((format) => !replaced(old, format)) }))
    .filter(({ formats }) => formats.length > 0);
  const limited = ({ maxRows }: GemmRule) => maxRows !== undefined;
  const unlimited = ({ maxRows }: GemmRule) => maxRows === undefined;
  return [
    ...baseline.filter(({ maxColumns }) => maxColumns),
    ...[rules, kept].flatMap((table) => table.filter(limited)),
    ...[rules, kept].flatMap((table) => table.filter(unlimited)),
  ];
}
