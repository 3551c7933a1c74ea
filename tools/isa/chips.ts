/** A chip that Mesa can compile for without having it. */
export type Chip =
  | { readonly vendor: 'amd'; readonly mostWaves: number }
  | { readonly vendor: 'intel'; readonly registerBytes: number };

/** By the names that RADV and Intel's driver know. `mostWaves`: of a SIMD; RDNA counts in waves of 32 lanes. */
export const CHIPS = {
  navi31: { vendor: 'amd', mostWaves: 32 }, // RX 7900
  navi21: { vendor: 'amd', mostWaves: 32 }, // RX 6800
  gfx1201: { vendor: 'amd', mostWaves: 32 }, // RX 9070
  polaris10: { vendor: 'amd', mostWaves: 8 }, // RX 480
  dg2: { vendor: 'intel', registerBytes: 32 }, // Arc A770
  mtl: { vendor: 'intel', registerBytes: 32 }, // Meteor Lake
  tgl: { vendor: 'intel', registerBytes: 32 }, // Iris Xe
  lnl: { vendor: 'intel', registerBytes: 64 }, // Lunar Lake
} as const satisfies Record<string, Chip>;

export type ChipName = keyof typeof CHIPS;

export const isChip = (name: string): name is ChipName => name in CHIPS;
