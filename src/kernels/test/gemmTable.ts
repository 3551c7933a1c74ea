import { ALL_FORMATS, type GemmTable, type GemmVariant, type Orientation } from '../gemm/gemmVariants';

/** A table that uses one variant for everything it can do. For tests. */
export function only(variant: GemmVariant): GemmTable {
  const orientations: Orientation[] = variant.kind === 'split' ? ['forward'] : ['forward', 'inputGrad', 'weightGrad'];
  return orientations.map((orientation) => ({ orientation, formats: ALL_FORMATS, variant }));
}
