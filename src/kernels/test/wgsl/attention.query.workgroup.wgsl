// attention.query.workgroup, from lib/attention.query.wgsl, lib/attentionTile.wgsl, attention/attention.query.workgroup.wgsl
// pipeline: const STEPS = 1u;
// pipeline: const STEPS = 4u;

// What all variants of the gradient of the queries share: sizes and operands.

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
@group(0) @binding(6) var<storage, read> start: array<u32>;      // (N)
@group(0) @binding(7) var<storage, read_write> dq: array<vec4f>; // (N, H, D)
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

// Attention backward to the queries as in attention.query.plain.wgsl, by tiles of 32 rows of a head × 32 keys
// (lib/attentionTile.wgsl).

const SCORE = 0u; // q · k
const SLOPE = 1u; // dO · v
const KEY = 2u;

fn row_quad(operands: u32, tile: Tile, r: u32, i: u32) -> vec4f {
  let at = (min(tile.row + r, params.N - 1u) * params.H + tile.h) * params.quads + i;
  if (i >= params.quads) { return vec4f(); }
  if (operands == SCORE) { return q[at] * params.scale; }
  return dO[at];
}

fn column_quad(operands: u32, tile: Tile, c: u32, i: u32) -> vec4f {
  let j = min(tile.column + c, params.N - 1u);
  let at = (j * params.K + tile.h / (params.H / params.K)) * params.quads + i;
  if (i >= params.quads) { return vec4f(); }
  if (operands == SLOPE) { return v[at]; }
  return k[at];
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * TILE;
  let end = min(first + TILE, params.N);
  let across = lane % ACROSS;
  let rows = first + lane / ACROSS * 4u + vec4u(0, 1, 2, 3);
  let n = min(rows, vec4u(params.N - 1u)); // rows past the end repeat the last one and are not stored
  let begin = vec4u(start[n.x], start[n.y], start[n.z], start[n.w]);
  let at = n * params.H + group.y;
  let log_total = vec4f(lse[at.x], lse[at.y], lse[at.z], lse[at.w]);
  let mean = vec4f(delta[at.x], delta[at.y], delta[at.z], delta[at.w]);

  var sums: Sums;
  for (var j0 = start[first]; j0 < end; j0 += TILE) {
    let tile = Tile(first, j0, min(TILE, end - j0), group.y);
    let s = products(lane, tile, SCORE);
    let dp = products(lane, tile, SLOPE);
    let j = vec4u(j0 + across);
    // The clamp keeps unseen keys finite.
    let near = exp(min(s.near - log_total, vec4f())) * (dp.near - mean);
    let far = exp(min(s.far - log_total, vec4f())) * (dp.far - mean);
    share_weights(
      lane,
      select(vec4f(), near, (j >= begin) & (j <= n)),
      select(vec4f(), far, (j + ACROSS >= begin) & (j + ACROSS <= n)),
    );
    add_weighted(lane, tile, KEY, vec4f(1.0), &sums);
  }

  for (var r = 0u; r < 4u; r++) {
    let at = (rows[r] * params.H + group.y) * params.quads;
    for (var i = across; i < params.quads && rows[r] < params.N; i += ACROSS) { dq[at + i] = sums[i / ACROSS][r] * params.scale; }
  }
}
