import { z } from 'zod';
import type { ModelConfig } from '../domain/model';
import type { Gpu } from '../gpu/gpu';
import { isRight } from '../kernels/gemm/gemmCheck';
import { gemmTableSchema, tuneGemm } from '../kernels/gemm/gemmTuner';
import { type GemmTable, setTable } from '../kernels/gemm/gemmVariants';
import type { WeightFormat } from '../kernels/weights/weight';

/** Cache of tables from earlier starts. A failing cache costs two seconds, not the run. */
export interface TuningCache {
  load(key: string): Promise<unknown>;
  save(key: string, table: unknown): Promise<void>;
}

interface Options {
  readonly formats: readonly WeightFormat[];
  /** Rows of a training batch. */
  readonly rows: number;
  readonly cache?: TuningCache | undefined;
  readonly progress?: (done: number, all: number) => void;
  readonly tune?: typeof tuneGemm;
}

/** Counts up when variants or the way of choosing change. */
export const TUNING_VERSION = 2;

const cachedSchema = z.object({ version: z.literal(TUNING_VERSION), table: gemmTableSchema });

/**
 * Makes the matrix products of a model as fast as this adapter allows: takes the table of an earlier start if all of
 * its variants still give the right answer, else times the variants, which takes about two seconds. Nothing to do on
 * software adapters, whose tables are measured. Call before `compileOps`.
 */
export async function tuneForModel(
  gpu: Gpu,
  config: ModelConfig,
  { formats, rows, cache, progress, tune = tuneGemm }: Options,
): Promise<void> {
  if (gpu.facts.software) return;
  const shapes = largestMatrices(config);
  const { vendor, architecture, description } = gpu.facts;
  const inUse = [...new Set<WeightFormat>(['f32', ...formats])].sort();
  const key = JSON.stringify([vendor, architecture, description, inUse, shapes]);
  const cached = cachedSchema.safeParse(await cache?.load(key).catch(() => undefined));
  if (cached.success && (await stillRight(gpu, cached.data.table, inUse))) {
    setTable(gpu, cached.data.table);
    return;
  }
  const table = await tune(gpu, { formats: inUse, shapes, rows: Math.min(rows, 512), ...(progress && { progress }) });
  setTable(gpu, table);
  await cache?.save(key, { version: TUNING_VERSION, table }).catch(() => {});
}

/** Up and down projection: most of a model's arithmetic is in them. */
const largestMatrices = ({ channels, hidden }: ModelConfig) => [
  { K: channels, N: hidden },
  { K: hidden, N: channels },
];

/** The driver may have changed since, and the cached table may be truncated or tampered with. */
async function stillRight(gpu: Gpu, table: GemmTable, formats: readonly WeightFormat[]): Promise<boolean> {
  for (const format of formats) {
    const rules = table.filter((rule) => rule.formats.includes(format));
    const unlimited = rules.filter(({ maxRows, maxColumns }) => !maxRows && !maxColumns);
    const needed = ['forward', 'inputGrad', ...(format === 'f32' ? ['weightGrad'] : [])];
    if (needed.some((orientation) => !unlimited.some((rule) => rule.orientation === orientation))) return false;
    for (const rule of rules) if (!(await isRight(gpu, { ...rule, formats: [format] }))) return false;
  }
  return true;
}
