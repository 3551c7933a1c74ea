const GRID_WIDTH = 32768;

/**
 * Workgroup counts for `count` workgroups in a row, folded at 32,768 (shaders/lib/grid.wgsl unfolds). The last line may
 * run over.
 */
export const grid = (count: number): readonly [number, number] =>
  count <= GRID_WIDTH ? [count, 1] : [GRID_WIDTH, Math.ceil(count / GRID_WIDTH)];
