// gemm.weightGrad.workgroup.f32, from lib/weights/activation.four.wgsl, lib/gemm.weightGrad.wgsl, gemm/gemm.weightGrad.workgroup.wgsl
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 4u; const DEPTH = 16u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 8u; const DEPTH = 16u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 8u; const DEPTH = 8u; const QUADS = 2u;

// Activations that a matrix product reads in fours: a quarter of the loads. Where a row isn't a multiple of four long,
// fours go across rows, and element i is x[i / 4][i % 4].
alias Activation = vec4f;

const FOUR = vec4u(0u, 1u, 2u, 3u);

// What all gradients of the weight dW += alpha · xᵀ · dy share: sizes, operands and the addition.

struct Params {
  M: u32,     // rows in use
  K: u32,
  N: u32,     // row stride of dy
  start: u32, // first column of dy that this shard reads
  count: u32, // columns of this shard
  quads: u32, // its row stride, in vec4
  alpha: f32,
}

@group(0) @binding(0) var<storage, read> x: array<Activation>;               // (M, K)
@group(0) @binding(1) var<storage, read> dy: array<Activation>;              // (M, N)
@group(0) @binding(2) var<storage, read_write> dweight: array<vec4f>; // (K, quads), format f32
@group(1) @binding(0) var<uniform> params: Params;

fn add(k: u32, quad: u32, sum: vec4f) {
  if (quad >= params.quads) { return; }
  dweight[k * params.quads + quad] += params.alpha * sum;
}

// Gradient of the weight: dW += alpha · xᵀ · dy. A workgroup of 16 × 16 threads stages DEPTH rows of x and dy at a time
// in workgroup memory; each thread holds ROWS channels, by fours, × 4 · QUADS columns. Every element is one sum in the
// order of m.

const SIDE = 16u;
const FOURS = ROWS / 4u;
const TILE_FOURS = SIDE * FOURS;
const TILE_QUADS = SIDE * QUADS;
const X_FOURS = DEPTH * TILE_FOURS;
const DY_QUADS = DEPTH * TILE_QUADS;

var<workgroup> x_tile: array<vec4f, X_FOURS>;   // (DEPTH, TILE_FOURS)
var<workgroup> dy_tile: array<vec4f, DY_QUADS>; // (DEPTH, TILE_QUADS)

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let four = group.y * TILE_FOURS;
  let quad = group.x * TILE_QUADS;
  let across = lane % SIDE;
  let down = lane / SIDE;

  var sum: array<array<vec4f, QUADS>, ROWS>;
  for (var first = 0u; first < params.M; first += DEPTH) {
    // Loops with constant bounds: the loads of all rounds go out before the first arrives.
    for (var i = 0u; i < X_FOURS; i += LANES) {
      let at = i + lane;
      if (X_FOURS % LANES == 0u || at < X_FOURS) {
        x_tile[at] = x_four(first + at / TILE_FOURS, 4u * (four + at % TILE_FOURS));
      }
    }
    for (var i = 0u; i < DY_QUADS; i += LANES) {
      let at = i + lane;
      if (DY_QUADS % LANES == 0u || at < DY_QUADS) {
        dy_tile[at] = dy_quad(first + at / TILE_QUADS, 4u * (quad + at % TILE_QUADS));
      }
    }
    workgroupBarrier();
    for (var m = 0u; m < DEPTH; m++) {
      var d: array<vec4f, QUADS>;
      for (var q = 0u; q < QUADS; q++) { d[q] = dy_tile[m * TILE_QUADS + across + SIDE * q]; }
      for (var f = 0u; f < FOURS; f++) {
        let values = x_tile[m * TILE_FOURS + down + SIDE * f];
        for (var r = 0u; r < 4u; r++) {
          for (var q = 0u; q < QUADS; q++) { sum[4u * f + r][q] += values[r] * d[q]; }
        }
      }
    }
    workgroupBarrier();
  }

  for (var i = 0u; i < ROWS; i++) {
    let k = 4u * (four + down + SIDE * (i / 4u)) + i % 4u;
    if (k >= params.K) { break; }
    for (var q = 0u; q < QUADS; q++) { add(k, quad + across + SIDE * q, sum[i][q]); }
  }
}

// x[m, k … k + 3], zero past M. Channels past the end are not stored.
fn x_four(m: u32, k: u32) -> vec4f {
  let at = m * params.K + k;
  if (params.K % 4u == 0u) { return select(vec4f(), x[at / 4u], m < params.M); }
  let i = at + FOUR;
  let values = vec4f(x[i.x / 4u][i.x % 4u], x[i.y / 4u][i.y % 4u], x[i.z / 4u][i.z % 4u], x[i.w / 4u][i.w % 4u]);
  return select(vec4f(), values, m < params.M);
}

// dy[m, n … n + 3] of this shard, zero past M and past its columns, which belong to the next shard or row.
fn dy_quad(m: u32, n: u32) -> vec4f {
  let at = m * params.N + params.start + n;
  let inside = vec4u(n) + FOUR < select(vec4u(), vec4u(params.count), m < params.M);
  if ((params.N | params.start) % 4u == 0u) { return select(vec4f(), dy[at / 4u], inside); }
  let i = at + FOUR;
  let values = vec4f(dy[i.x / 4u][i.x % 4u], dy[i.y / 4u][i.y % 4u], dy[i.z / 4u][i.z % 4u], dy[i.w / 4u][i.w % 4u]);
  return select(vec4f(), values, inside);
}
