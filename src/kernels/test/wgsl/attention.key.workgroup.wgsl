// attention.key.workgroup, from lib/attention.key.wgsl, lib/attentionTile.wgsl, attention/attention.key.workgroup.wgsl
// pipeline: const QUADS = 16u; const STEPS = 1u; const UNROLLED = 1u;
// pipeline: const QUADS = 24u; const STEPS = 2u; const UNROLLED = 1u;
// pipeline: const QUADS = 32u; const STEPS = 2u; const UNROLLED = 1u;

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
// kernels/attention.ts gives STEPS ≥ D / 64, and QUADS = D / 4 or 0 where the size is not known before. The shader that
// includes this defines row_at and column_at, where the row of an operand begins (of any row in use past the end), and
// row_quad and column_quad, four elements of it. Call from uniform control flow only.

const TILE = 32u; // rows, and columns
const ACROSS = 16u;
const LANES = 128u;
const ALOFT = TILE / 4u; // groups of four rows
const DEPTH = 8u; // quads staged for a product
const STRIDE = DEPTH + 1u; // off the bank grid
const AT_ONCE = LANES / DEPTH; // rows that all lanes stage in a round
const ROUNDS = TILE / AT_ONCE;

struct Tile {
  row: u32,     // the first
  column: u32,  // the first
  columns: u32, // how many are in use
  h: u32,       // query head
  kv: u32,      // its key/value head
}

// Of columns `across` and `across + ACROSS`, each with four rows.
struct Products {
  near: vec4f,
  far: vec4f,
}

alias Sums = array<mat4x4f, STEPS>; // a column for each of the four rows

var<workgroup> staged: array<vec4f, 2 * TILE * STRIDE>;
var<workgroup> weights: array<vec4f, TILE * ALOFT>; // (columns, rows / 4)

// D / 4
fn quads() -> u32 { return select(QUADS, params.quads, QUADS == 0u); }

// Products of the tile's rows and columns of one pair of operands.
fn products(lane: u32, tile: Tile, operands: u32) -> Products {
  // A remainder shows the compiler that an index needs no bound.
  let rows = lane / ACROSS % ALOFT * 4u * STRIDE;
  let columns = (TILE + lane % ACROSS) * STRIDE;
  let r = lane / DEPTH % AT_ONCE;
  let d = lane % DEPTH;
  var row: array<u32, ROUNDS>;
  var column: array<u32, ROUNDS>;
  for (var i = 0u; i < ROUNDS; i++) {
    row[i] = row_at(tile, r + AT_ONCE * i) + d;
    column[i] = column_at(tile, r + AT_ONCE * i) + d;
  }
  var sum = Products();
  for (var first = 0u; first < params.quads; first += DEPTH) {
    workgroupBarrier(); // all lanes are done with what was staged
    let inside = (QUADS != 0u && QUADS % DEPTH == 0u) || first + d < quads();
    for (var i = 0u; i < ROUNDS; i++) {
      let at = (r + AT_ONCE * i) * STRIDE + d;
      staged[at] = select(vec4f(), row_quad(operands, row[i] + first), inside);
      staged[TILE * STRIDE + at] = select(vec4f(), column_quad(operands, column[i] + first), inside);
    }
    workgroupBarrier();
    // Without UNROLLED bounds that no compiler knows, since what it unrolls must fit into registers.
    let begin = select(first, 0u, UNROLLED == 1u);
    let end = select(min(first + DEPTH, params.quads), DEPTH, UNROLLED == 1u);
    for (var quad = begin; quad < end; quad++) {
      let i = (quad - begin) % DEPTH;
      let near = staged[columns + i];
      let far = staged[columns + ACROSS * STRIDE + i];
      let a = staged[rows + i];
      let b = staged[rows + STRIDE + i];
      let c = staged[rows + 2u * STRIDE + i];
      let d = staged[rows + 3u * STRIDE + i];
      for (var e = 0u; e < 4u; e++) { // a chain of multiply-adds, which a sum of dot products is not
        let value = vec4f(a[e], b[e], c[e], d[e]);
        sum.near += value * near[e];
        sum.far += value * far[e];
      }
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
  let across = lane % ACROSS;
  let down = lane / ACROSS % ALOFT;
  for (var s = 0u; s < STEPS; s++) {
    workgroupBarrier();
    let quad = s * ACROSS + across;
    for (var i = 0u; i < TILE / ALOFT; i++) {
      let c = down + ALOFT * i;
      let value = column_quad(operand, column_at(tile, c) + quad);
      staged[c * ACROSS + across] = select(vec4f(), value, (QUADS != 0u && QUADS % ACROSS == 0u) || quad < quads());
    }
    workgroupBarrier();
    var sum = (*sums)[s];
    for (var r = 0u; r < 4u; r++) { sum[r] *= shrink[r]; }
    for (var c = 0u; c < tile.columns; c++) {
      let weight = weights[c % TILE * ALOFT + down];
      let value = staged[c % TILE * ACROSS + across];
      for (var r = 0u; r < 4u; r++) { sum[r] += weight[r] * value; }
    }
    (*sums)[s] = sum;
  }
}

// Attention backward to the keys as in attention.key.plain.wgsl, by tiles of 32 key rows × 32 query rows of each head
// in turn (lib/attentionTile.wgsl): here the columns are the rows that see the tile.

const SCORE = 0u; // k · q
const SLOPE = 1u; // v · dO
const QUERY = 2u;

fn row_at(tile: Tile, r: u32) -> u32 { return (min(tile.row + r, params.N - 1u) * params.K + tile.kv) * quads(); }

fn row_quad(operands: u32, at: u32) -> vec4f {
  if (operands == SCORE) { return k[at] * params.scale; }
  return v[at];
}

fn column_at(tile: Tile, c: u32) -> u32 { return (min(tile.column + c, params.N - 1u) * params.H + tile.h) * quads(); }

fn column_quad(operands: u32, at: u32) -> vec4f {
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
      let tile = Tile(first, n0, min(TILE, last_stop - n0), h, group.y);
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
    let at = (rows[r] * params.K + group.y) * quads();
    for (var s = 0u; s < STEPS; s++) {
      let i = across + s * ACROSS;
      if (i < quads() && rows[r] < params.N) { dk[at + i] = sums[s][r] * params.scale; }
    }
  }
}
