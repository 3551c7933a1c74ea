// gemm.inputGrad.workgroup.f32, from lib/weight.f32.wgsl, lib/gemm.inputGrad.wgsl, gemm/gemm.inputGrad.workgroup.wgsl
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 4u; const DEPTH = 16u; const WIDTH = 4u;
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 8u; const DEPTH = 8u; const WIDTH = 4u;

// Weight format f32: word (k, n) is W[k, n]. See kernels/weight.ts.
const P = 1u; // values per word along K

@group(0) @binding(2) var<storage, read> words: array<vec4f>; // (K, quads) of four columns each

// W[row · P … + P − 1, 4 · quad … + 3]
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  return array<vec4f, P>(words[row * params.quads + quad]);
}

// What all gradients of the input dx (+)= alpha · dy · Wᵀ share, after lib/weight.*.wgsl: sizes, operands and the
// store.

struct Params {
  M: u32,          // rows in use
  K: u32,
  N: u32,          // row stride of dy
  start: u32,      // first column of dy that this shard reads
  count: u32,      // columns of this shard
  quads: u32,      // its row stride, in vec4
  accumulate: u32, // 1: add to dx
  alpha: f32,
}

@group(0) @binding(0) var<storage, read> dy: array<f32>;       // (M, N)
@group(0) @binding(1) var<storage, read_write> dx: array<f32>; // (M, K)
@group(1) @binding(0) var<uniform> params: Params;

fn store(m: u32, k: u32, sum: f32) {
  if (k >= params.K) { return; }
  let at = m * params.K + k;
  dx[at] = select(0.0, dx[at], params.accumulate == 1u) + params.alpha * sum;
}

// Gradient of the input: dx (+)= alpha · dy · Wᵀ. A workgroup of 16 × 16 threads stages DEPTH columns of dy and W at a
// time in workgroup memory; each thread holds ROWS rows × WIDTH channels. Every element is one sum in the order of n.

const SIDE = 16u;
const TILE_ROWS = SIDE * ROWS;
const TILE_K = SIDE * WIDTH; // a multiple of P
const DY_STRIDE = TILE_ROWS + 1u; // off the bank grid
const W_STRIDE = TILE_K + 1u;

var<workgroup> dy_tile: array<f32, DEPTH * DY_STRIDE>; // (DEPTH, TILE_ROWS)
var<workgroup> w_tile: array<f32, DEPTH * W_STRIDE>;   // (DEPTH, TILE_K)

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * TILE_ROWS;
  let channel = group.x * TILE_K;
  let across = lane % SIDE;
  let down = lane / SIDE;

  var sum: array<array<f32, WIDTH>, ROWS>;
  for (var first = 0u; first < params.count; first += DEPTH) {
    for (var i = lane; i < DEPTH * TILE_ROWS; i += LANES) {
      let n = i % DEPTH;
      let m = i / DEPTH;
      let inside = row + m < params.M && first + n < params.count;
      dy_tile[n * DY_STRIDE + m] = select(0.0, dy[(row + m) * params.N + params.start + first + n], inside);
    }
    for (var i = lane; i < TILE_K / P * (DEPTH / 4u); i += LANES) {
      let quad = i % (DEPTH / 4u);
      let word = i / (DEPTH / 4u);
      let inside = first / 4u + quad < params.quads && channel + word * P < params.K;
      var values = weight_values(channel / P + word, first / 4u + quad);
      for (var p = 0u; p < P; p++) {
        let value = select(vec4f(), values[p], inside);
        for (var c = 0u; c < 4u; c++) { w_tile[(4u * quad + c) * W_STRIDE + word * P + p] = value[c]; }
      }
    }
    workgroupBarrier();
    for (var n = 0u; n < DEPTH; n++) {
      var w: array<f32, WIDTH>;
      for (var i = 0u; i < WIDTH; i++) { w[i] = w_tile[n * W_STRIDE + across + SIDE * i]; }
      for (var m = 0u; m < ROWS; m++) {
        let value = dy_tile[n * DY_STRIDE + down + SIDE * m];
        for (var i = 0u; i < WIDTH; i++) { sum[m][i] += value * w[i]; }
      }
    }
    workgroupBarrier();
  }

  for (var m = 0u; m < ROWS; m++) {
    if (row + down + SIDE * m >= params.M) { break; }
    for (var i = 0u; i < WIDTH; i++) { store(row + down + SIDE * m, channel + across + SIDE * i, sum[m][i]); }
  }
}
