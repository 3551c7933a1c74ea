// attention.key.workgroup, from lib/attention.key.wgsl, lib/attentionTile.wgsl, attention/attention.key.workgroup.wgsl
// pipeline: const STEPS = 1u;
// pipeline: const STEPS = 4u;

// What all variants of the gradient of the keys share: sizes and operands.

struct Params {
  N: u32,     // rows in use
  H: u32,     // query heads
  K: u32,     // key/value heads
  scale: f32, // 1 / √D
  quads: u32, // D / 4; loops that end here are not unrolled, which Lavapipe would compile for minutes
}

@group(0) @binding(0) var<storage, read> dO: array<vec4f>;       // (N, H, D)
@group(0) @binding(1) var<storage, read> q: array<vec4f>;        // (N, H, D)
@group(0) @binding(2) var<storage, read> k: array<vec4f>;        // (N, K, D)
@group(0) @binding(3) var<storage, read> v: array<vec4f>;        // (N, K, D)
@group(0) @binding(4) var<storage, read> lse: array<f32>;        // (N, H)
@group(0) @binding(5) var<storage, read> delta: array<f32>;      // (N, H)
@group(0) @binding(6) var<storage, read> end: array<u32>;        // (N) one past the last row of the sequence
@group(0) @binding(7) var<storage, read_write> dk: array<vec4f>; // (N, K, D)
@group(1) @binding(0) var<uniform> params: Params;

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

// Attention backward to the keys as in attention.key.plain.wgsl, by tiles of 32 key rows × 32 query rows of each head
// in turn (lib/attentionTile.wgsl): here the columns are the rows that see the tile.

const SCORE = 0u; // k · q
const SLOPE = 1u; // v · dO
const QUERY = 2u;

fn row_quad(operands: u32, tile: Tile, r: u32, i: u32) -> vec4f {
  let j = min(tile.row + r, params.N - 1u);
  let at = (j * params.K + tile.h / (params.H / params.K)) * params.quads + i;
  if (i >= params.quads) { return vec4f(); }
  if (operands == SCORE) { return k[at] * params.scale; }
  return v[at];
}

fn column_quad(operands: u32, tile: Tile, c: u32, i: u32) -> vec4f {
  let at = (min(tile.column + c, params.N - 1u) * params.H + tile.h) * params.quads + i;
  if (i >= params.quads) { return vec4f(); }
  if (operands == SLOPE) { return dO[at]; }
  return q[at];
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * TILE;
  let last_stop = min(end[min(first + TILE, params.N) - 1u], params.N);
  let across = lane % ACROSS;
  let rows = first + lane / ACROSS * 4u + vec4u(0, 1, 2, 3);
  let j = min(rows, vec4u(params.N - 1u)); // rows past the end repeat the last one and are not stored
  let stop = vec4u(end[j.x], end[j.y], end[j.z], end[j.w]);
  let heads = params.H / params.K;

  var sums: Sums;
  for (var n0 = first; n0 < last_stop; n0 += TILE) {
    let n = vec4u(n0 + across);
    let near_seen = (n >= j) & (n < stop);
    let far_seen = (n + ACROSS >= j) & (n + ACROSS < stop);
    for (var h = group.y * heads; h < (group.y + 1u) * heads; h++) {
      let tile = Tile(first, n0, min(TILE, last_stop - n0), h);
      let s = products(lane, tile, SCORE);
      let dp = products(lane, tile, SLOPE);
      let near_at = min(n.x, params.N - 1u) * params.H + h;
      let far_at = min(n.x + ACROSS, params.N - 1u) * params.H + h;
      // The clamp keeps unseen rows finite.
      let near = exp(min(s.near - lse[near_at], vec4f())) * (dp.near - delta[near_at]);
      let far = exp(min(s.far - lse[far_at], vec4f())) * (dp.far - delta[far_at]);
      share_weights(lane, select(vec4f(), near, near_seen), select(vec4f(), far, far_seen));
      add_weighted(lane, tile, QUERY, vec4f(1.0), &sums);
    }
  }

  for (var r = 0u; r < 4u; r++) {
    let at = (rows[r] * params.K + group.y) * params.quads;
    for (var i = across; i < params.quads && rows[r] < params.N; i += ACROSS) { dk[at + i] = sums[i / ACROSS][r] * params.scale; }
  }
}
