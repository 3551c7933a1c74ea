import type { Gpu } from '../../gpu/gpu';
import type { WeightFormat } from '../weights/weight';

export type Orientation = 'forward' | 'inputGrad' | 'weightGrad';

/**
 * A hand-written kernel and its sizes, as plain data. `rows` × `width` is the tile of a thread: rows (channels in
 * weightGrad) by vec4 columns; in inputGrad by weight words (register, subgroup) or fours of channels (workgroup).
 *
 *   register   a thread alone. Suits narrow outputs and adapters without subgroups that emulate workgroup memory.
 *   subgroup   lanes hand values of x to each other; needs subgroups of at least 8; `rows` is a multiple of 8. Wins on Lavapipe.
 *   workgroup  16 × 16 threads stage tiles in workgroup memory; `rows` is a multiple of 4. Wins on most GPUs.
 *   split      forward only, few rows: slices of K in a workgroup, summed in a fixed order; an even number, and lanes · rows
 *              at most 2048, which takes 16 KiB.
 *
 * In all of them row n gets the same bits however many rows go with it and whatever `rows` and `width` are. register,
 * subgroup and workgroup add in the same order; split's order also depends on lanes / across / groups, so its bits differ
 * from theirs.
 */
export interface GemmVariant {
  readonly kind: 'register' | 'subgroup' | 'workgroup' | 'split';
  /** Threads of a workgroup. workgroup: 256. */
  readonly lanes: number;
  /** Lanes side by side along the output's columns; the others lie along its rows (register) or along K (split). */
  readonly across: number;
  readonly rows: number;
  readonly width: number;
  /** workgroup only: how many steps of the sum are staged at a time, a multiple of 8. */
  readonly depth?: number;
  /** split only: how many times `rows` a workgroup holds. */
  readonly groups?: number;
}

/** Use `variant` for this orientation, these formats, and at most so many rows and output columns. */
export interface GemmRule {
  readonly orientation: Orientation;
  readonly formats: readonly WeightFormat[];
  readonly maxRows?: number;
  readonly maxColumns?: number;
  readonly variant: GemmVariant;
}

/** The first rule that applies is used. JSON: gemmTuner.ts writes it, its caller caches it. */
export type GemmTable = readonly GemmRule[];

export interface GemmCase {
  readonly orientation: Orientation;
  readonly format: WeightFormat;
  readonly rows: number;
  readonly columns: number;
}

const applies = (rule: GemmRule, { orientation, format, rows, columns }: GemmCase): boolean =>
  rule.orientation === orientation &&
  rule.formats.includes(format) &&
  rows <= (rule.maxRows ?? Number.POSITIVE_INFINITY) &&
  columns <= (rule.maxColumns ?? Number.POSITIVE_INFINITY);

/** Throws when no rule applies: a table must end in one without limits for each orientation and format. */
export function chooseVariant(table: GemmTable, requested: GemmCase): GemmVariant {
  const rule = table.find((candidate) => applies(candidate, requested));
  if (!rule) throw new Error(`gemm: the table has no kernel for ${JSON.stringify(requested)}`);
  return rule.variant;
}

export const ALL_FORMATS: readonly WeightFormat[] = ['f32', 'bf16', 'f16', 'q8', 'q4'];

export const register = (lanes: number, across: number, rows: number, width: number): GemmVariant => ({
  kind: 'register',
  lanes,
  across,
  rows,
  width,
});
export const subgroup = (lanes: number, rows: number, width: number): GemmVariant => ({
  kind: 'subgroup',
  lanes,
  across: lanes,
  rows,
  width,
});
export const workgroup = (rows: number, width: number, depth = 16): GemmVariant => ({
  kind: 'workgroup',
  lanes: 256,
  across: 16,
  rows,
  width,
  depth,
});
export const split = (lanes: number, across: number, rows: number, groups = 1): GemmVariant => ({
  kind: 'split',
  lanes,
  across,
  rows,
  width: 1,
  groups,
});

/** Subgroups of at least eight lanes for certain: what the subgroup variant hands values around in. */
export const hasWideSubgroups = ({ facts }: Gpu): boolean => facts.subgroupSize >= 8;

const LORA = 16; // outputs this narrow are an adapter's

const tuned = new WeakMap<Gpu, GemmTable>();

/** Sets the default table of gemm(gpu), such as one that tuneGemm made earlier for this adapter. */
export const setTable = (gpu: Gpu, table: GemmTable): unknown => tuned.set(gpu, table);

/** The table in use on this device. */
export const tableFor = (gpu: Gpu): GemmTable => tuned.get(gpu) ?? defaultTable(gpu);

/**
 * Without tuning, by what the adapter says of itself. On Lavapipe a load costs ten times an addition whatever its
 * address, and a barrier more: few loads, no barrier. On cards the tile of a thread is as large as its registers allow:
 * `npm run isa` shows spills and waves.
 */
export function defaultTable(gpu: Gpu): GemmTable {
  const { software, vendor, architecture } = gpu.facts;
  if (software) return hasWideSubgroups(gpu) ? SOFTWARE_SUBGROUPS : SOFTWARE;
  switch (vendor) {
    case 'amd': // GCN has half of RDNA's registers for a thread
      return hardware(architecture.startsWith('gcn') ? workgroup(8, 1) : workgroup(8, 2, 8), SPLIT_EIGHT);
    case 'nvidia':
      return hardware(workgroup(8, 2, 8), SPLIT_EIGHT);
    case 'intel': // 64 registers for a thread
      return hardware(workgroup(4, 1), SPLIT_FOUR, workgroup(8, 1));
    default:
      return hardware(workgroup(4, 1), SPLIT_FOUR);
  }
}

const SIXTEEN_BIT: readonly WeightFormat[] = ['bf16', 'f16'];
const forward = (formats: readonly WeightFormat[], variant: GemmVariant, limits = {}): GemmRule => ({
  orientation: 'forward',
  formats,
  variant,
  ...limits,
});
const inputGrad = (formats: readonly WeightFormat[], variant: GemmVariant, limits = {}): GemmRule => ({
  orientation: 'inputGrad',
  formats,
  variant,
  ...limits,
});
const weightGrad = (variant: GemmVariant, limits = {}): GemmRule => ({
  orientation: 'weightGrad',
  formats: ['f32'],
  variant,
  ...limits,
});

const NARROW_SOFTWARE: GemmTable = [
  forward(['f32'], register(8, 4, 8, 1), { maxColumns: LORA }),
  forward(ALL_FORMATS, register(8, 8, 1, 2), { maxRows: 1 }),
  inputGrad(['f32'], register(8, 4, 4, 4), { maxColumns: LORA }),
  weightGrad(register(8, 4, 4, 1), { maxColumns: LORA }),
];

const SOFTWARE_SUBGROUPS: GemmTable = [
  ...NARROW_SOFTWARE,
  forward(['f32', 'bf16', 'f16', 'q8'], subgroup(8, 8, 2), { maxRows: 8 }),
  forward(['q4'], subgroup(8, 8, 1), { maxRows: 8 }), // two vec4 of eight values each are too much to unroll
  forward(['f32', 'bf16', 'f16', 'q8'], subgroup(8, 16, 2)),
  forward(['q4'], subgroup(8, 16, 1)),
  inputGrad(['f32'], subgroup(8, 16, 4)),
  inputGrad(SIXTEEN_BIT, subgroup(8, 16, 2)),
  inputGrad(['q8', 'q4'], subgroup(8, 16, 1)),
  weightGrad(subgroup(8, 16, 2)),
];

const SOFTWARE: GemmTable = [
  ...NARROW_SOFTWARE,
  forward(['f32', 'bf16', 'f16'], register(8, 8, 8, 2)),
  forward(['q8', 'q4'], register(8, 8, 8, 1)),
  inputGrad(['f32'], register(8, 8, 4, 4)),
  inputGrad(SIXTEEN_BIT, register(8, 8, 4, 2)),
  inputGrad(['q8', 'q4'], register(8, 8, 4, 1)),
  weightGrad(register(8, 8, 8, 2)),
];

/** For few rows, with as many slices of K: eight or four rows in the registers of a thread. */
const SPLIT_EIGHT: GemmTable = [
  forward(ALL_FORMATS, split(128, 4, 8), { maxRows: 8 }),
  forward(ALL_FORMATS, split(128, 8, 8, 4), { maxRows: 32 }),
  forward(ALL_FORMATS, split(128, 8, 8, 8), { maxRows: 64 }),
];
const SPLIT_FOUR: GemmTable = [
  forward(ALL_FORMATS, split(256, 4, 4, 2), { maxRows: 8 }),
  forward(ALL_FORMATS, split(256, 8, 4, 8), { maxRows: 32 }),
  forward(ALL_FORMATS, split(256, 8, 4, 16), { maxRows: 64 }),
];

/** `gradient`: for weightGrad, whose staging needs fewer registers. */
const hardware = (tiled: GemmVariant, few: GemmTable, gradient = tiled): GemmTable => [
  forward(['f32'], split(256, 4, 4), { maxColumns: LORA }),
  forward(ALL_FORMATS, split(256, 8, 1), { maxRows: 1 }),
  forward(ALL_FORMATS, split(256, 8, 4), { maxRows: 4 }),
  ...few,
  forward(ALL_FORMATS, tiled),
  inputGrad(['f32'], register(64, 4, 1, 4), { maxColumns: LORA }),
  inputGrad(ALL_FORMATS, tiled),
  weightGrad(register(64, 4, 2, 1), { maxColumns: LORA }),
  weightGrad(gradient),
];
