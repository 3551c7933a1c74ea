// gemm.forward.workgroup.bf16, from lib/weight.bf16.wgsl, lib/gemm.forward.wgsl, gemm/gemm.forward.workgroup.wgsl
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 4u; const DEPTH = 16u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 8u; const DEPTH = 8u; const QUADS = 1u;

// Weight format bf16: word (k / 2, n) holds W[k, n] in its low half and W[k + 1, n] in its high half. See
// kernels/weight.ts.
const P = 2u; // values per word along K

@group(0) @binding(2) var<storage, read> words: array<vec4u>; // (ceil(K / 2), quads) of four columns each

// W[row · P … + P − 1, 4 · quad … + 3]. A bf16 is the upper half of an f32, so this is exact.
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  let word = words[row * params.quads + quad];
  return array<vec4f, P>(bitcast<vec4f>(word << vec4u(16u)), bitcast<vec4f>(word & vec4u(0xffff0000u)));
}

// What all forward products y (+)= alpha · x · W share, after lib/weight.*.wgsl: sizes, operands and the store.

struct Params {
  M: u32,          // rows in use
  K: u32,
  N: u32,          // row stride of y
  start: u32,      // first column of y that this shard writes
  count: u32,      // columns of this shard
  quads: u32,      // its row stride, in vec4
  accumulate: u32, // 1: add to y
  alpha: f32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;       // (M, K)
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // (M, N)
@group(1) @binding(0) var<uniform> params: Params;

// An odd K leaves the last word of a 16-bit format half empty.
fn whole(k: u32) -> bool { return P != 2u || k < params.K; }

fn store(m: u32, n: u32, sum: vec4f) {
  for (var i = 0u; i < 4u; i++) {
    if (n + i < params.count) {
      let at = m * params.N + params.start + n + i;
      y[at] = select(0.0, y[at], params.accumulate == 1u) + params.alpha * sum[i];
    }
  }
}

// Forward product: y (+)= alpha · x · W. A workgroup of 16 × 16 threads stages DEPTH channels of x and W at a time in
// workgroup memory; each thread holds ROWS rows × 4 · QUADS columns. Every element is one sum in the order of k: the
// same bits for any rows.

const SIDE = 16u;
const TILE_ROWS = SIDE * ROWS;
const TILE_QUADS = SIDE * QUADS;
const X_STRIDE = TILE_ROWS + 1u; // off the bank grid

var<workgroup> x_tile: array<f32, DEPTH * X_STRIDE>;     // (DEPTH, TILE_ROWS)
var<workgroup> w_tile: array<vec4f, DEPTH * TILE_QUADS>; // (DEPTH, TILE_QUADS)

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * TILE_ROWS;
  let quad = group.x * TILE_QUADS;
  let across = lane % SIDE;
  let down = lane / SIDE;

  var sum: array<array<vec4f, QUADS>, ROWS>;
  for (var first = 0u; first < params.K; first += DEPTH) {
    for (var i = lane; i < DEPTH * TILE_ROWS; i += LANES) {
      let k = i % DEPTH;
      let m = i / DEPTH;
      let inside = row + m < params.M && first + k < params.K;
      x_tile[k * X_STRIDE + m] = select(0.0, x[(row + m) * params.K + first + k], inside);
    }
    for (var i = lane; i < DEPTH / P * TILE_QUADS; i += LANES) {
      let q = i % TILE_QUADS;
      let word = i / TILE_QUADS;
      let inside = quad + q < params.quads && first + word * P < params.K;
      var values = weight_values(first / P + word, quad + q);
      for (var p = 0u; p < P; p++) { w_tile[(word * P + p) * TILE_QUADS + q] = select(vec4f(), values[p], inside); }
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      var w: array<vec4f, QUADS>;
      for (var q = 0u; q < QUADS; q++) { w[q] = w_tile[k * TILE_QUADS + across + SIDE * q]; }
      for (var m = 0u; m < ROWS; m++) {
        let value = x_tile[k * X_STRIDE + down + SIDE * m];
        for (var q = 0u; q < QUADS; q++) { sum[m][q] += value * w[q]; }
      }
    }
    workgroupBarrier();
  }

  for (var m = 0u; m < ROWS; m++) {
    if (row + down + SIDE * m >= params.M) { break; }
    for (var q = 0u; q < QUADS; q++) { store(row + down + SIDE * m, 4u * (quad + across + SIDE * q), sum[m][q]); }
  }
}
