// Attention by tiles: a workgroup of 8 × 16 threads owns 32 rows and walks what they attend to, or are seen by, 32
// columns at a time. A thread holds 4 rows × 2 columns of products, and 4 rows × every 16th quad of the sums. Operands
// pass through workgroup memory (15 KiB with the caller's `parts`), a part of D at a time: no thread keeps a whole row.
// STEPS ≥ D / 64 comes from kernels/attention.ts. The shader that includes this defines row_quad and column_quad: four
// elements of an operand, zero past D, any row of use past the end. Call from uniform control flow only.

const TILE = 32u; // rows, and columns
const ACROSS = 16u;
const LANES = 128u;
const ALOFT = TILE / 4u; // groups of four rows
const DEPTH = 8u; // quads staged for a product
const STRIDE = DEPTH + 1u; // off the bank grid

struct Tile {
  row: u32,     // the first
  column: u32,  // the first
  columns: u32, // how many are in use
  h: u32,       // query head
}

// Of columns `across` and `across + ACROSS`, each with four rows.
struct Products {
  near: vec4f,
  far: vec4f,
}

alias Sums = array<mat4x4f, STEPS>; // a column for each of the four rows

var<workgroup> staged: array<vec4f, 2 * TILE * STRIDE>;
var<workgroup> weights: array<vec4f, TILE * ALOFT>; // (columns, rows / 4)

// Products of the tile's rows and columns of one pair of operands.
fn products(lane: u32, tile: Tile, operands: u32) -> Products {
  let rows = lane / ACROSS * 4u * STRIDE;
  let columns = (TILE + lane % ACROSS) * STRIDE;
  var sum = Products();
  for (var first = 0u; first < params.quads; first += DEPTH) {
    workgroupBarrier(); // all lanes are done with what was staged
    for (var i = lane; i < TILE * DEPTH; i += LANES) {
      let at = i / DEPTH * STRIDE + i % DEPTH;
      staged[at] = row_quad(operands, tile, i / DEPTH, first + i % DEPTH);
      staged[TILE * STRIDE + at] = column_quad(operands, tile, i / DEPTH, first + i % DEPTH);
    }
    workgroupBarrier();
    for (var i = 0u; i < min(DEPTH, params.quads - first); i++) {
      let a = staged[rows + i];
      let b = staged[rows + STRIDE + i];
      let c = staged[rows + 2u * STRIDE + i];
      let d = staged[rows + 3u * STRIDE + i];
      let near = staged[columns + i];
      let far = staged[columns + ACROSS * STRIDE + i];
      sum.near += vec4f(dot(a, near), dot(b, near), dot(c, near), dot(d, near));
      sum.far += vec4f(dot(a, far), dot(b, far), dot(c, far), dot(d, far));
    }
  }
  return sum;
}

// Hands the weights of this thread's rows and columns to the workgroup. Complete after the next barrier, which
// add_weighted begins with.
fn share_weights(lane: u32, near: vec4f, far: vec4f) {
  weights[lane % ACROSS * ALOFT + lane / ACROSS] = near;
  weights[(lane % ACROSS + ACROSS) * ALOFT + lane / ACROSS] = far;
}

// Sums times `shrink`, plus the columns of an operand, each times its weight.
fn add_weighted(lane: u32, tile: Tile, operand: u32, shrink: vec4f, sums: ptr<function, Sums>) {
  for (var first = 0u; first < params.quads; first += ACROSS) {
    workgroupBarrier();
    for (var i = lane; i < tile.columns * ACROSS; i += LANES) {
      staged[i] = column_quad(operand, tile, i / ACROSS, first + i % ACROSS);
    }
    workgroupBarrier();
    var sum = (*sums)[first / ACROSS]; // in registers, whatever becomes of the array
    for (var r = 0u; r < 4u; r++) { sum[r] *= shrink[r]; }
    for (var c = 0u; c < tile.columns; c++) {
      let weight = weights[c * ALOFT + lane / ACROSS];
      let value = staged[c * ACROSS + lane % ACROSS];
      for (var r = 0u; r < 4u; r++) { sum[r] += weight[r] * value; }
    }
    (*sums)[first / ACROSS] = sum;
  }
}
