// gemm.forward.workgroup.bf16, from lib/weights/weight.bf16.wgsl, lib/weights/activation.four.wgsl, lib/gemm.forward.wgsl, gemm/gemm.forward.workgroup.wgsl
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 4u; const DEPTH = 16u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 8u; const DEPTH = 16u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 8u; const DEPTH = 8u; const QUADS = 2u;

// Weight format bf16: word (k / 2, n) holds W[k, n] in its low half and W[k + 1, n] in its high half. See
// kernels/weights/weight.ts.
const P = 2u; // values per word along K
const STEP = 4u; // what a block is read from, along K: four values or a whole word

@group(0) @binding(2) var<storage, read> words: array<vec4u>; // (ceil(K / 2), quads) of four columns each

// W[row · P … + P − 1, 4 · quad … + 3]. A bf16 is the upper half of an f32, so this is exact.
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  let word = words[row * params.quads + quad];
  return array<vec4f, P>(bitcast<vec4f>(word << vec4u(16u)), bitcast<vec4f>(word & vec4u(0xffff0000u)));
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value(k: u32, quad: u32) -> vec4f {
  return bitcast<vec4f>((words[k / 2u * params.quads + quad] >> vec4u(k % 2u * 16u)) << vec4u(16u));
}

// W[k … k + 3, 4 · quad … + 3] with k = step · STEP + 4 · block, a column for each k.
fn weight_block(step: u32, block: u32, quad: u32) -> mat4x4f {
  let a = weight_values(2u * step, quad);
  let b = weight_values(2u * step + 1u, quad);
  return mat4x4f(a[0], a[1], b[0], b[1]);
}

// Activations that a matrix product reads in fours: a quarter of the loads. Where a row isn't a multiple of four long,
// fours go across rows, and element i is x[i / 4][i % 4].
alias Activation = vec4f;

const FOUR = vec4u(0u, 1u, 2u, 3u);

// What all forward products y (+)= alpha · x · W share, after lib/weights/weight.*.wgsl: sizes, operands and the store.

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

@group(0) @binding(0) var<storage, read> x: array<Activation>;       // (M, K)
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
// workgroup memory; each thread holds ROWS rows, by fours, × 4 · QUADS columns. Every element is one sum in the order
// of k: the same bits for any rows.

const SIDE = 16u;
const FOURS = ROWS / 4u;
const TILE_ROWS = SIDE * ROWS;
const TILE_FOURS = SIDE * FOURS;
const TILE_QUADS = SIDE * QUADS;
const BLOCKS = TILE_FOURS * (DEPTH / 4u); // of x: four rows × four channels
const VALUES = TILE_QUADS * DEPTH; // of W

var<workgroup> x_tile: array<vec4f, DEPTH * TILE_FOURS>; // (DEPTH, TILE_ROWS)
var<workgroup> w_tile: array<vec4f, DEPTH * TILE_QUADS>; // (DEPTH, TILE_QUADS)

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * TILE_ROWS;
  let quad = group.x * TILE_QUADS;
  let across = lane % SIDE;
  let down = lane / SIDE;

  var sum: array<array<vec4f, QUADS>, ROWS>;
  for (var first = 0u; first < params.K; first += DEPTH) {
    // Loops with constant bounds: the loads of all rounds go out before the first arrives.
    for (var i = 0u; i < BLOCKS; i += LANES) {
      let block = i + lane;
      if (BLOCKS % LANES == 0u || block < BLOCKS) {
        let k = block % (DEPTH / 4u) * 4u;
        let four = block / (DEPTH / 4u);
        let at = min(vec4u(row + 4u * four) + FOUR, vec4u(params.M - 1u)) * params.K + first + k;
        if (params.K % 4u == 0u) {
          let a = select(vec4f(), x[at.x / 4u], first + k < params.K);
          let b = select(vec4f(), x[at.y / 4u], first + k < params.K);
          let c = select(vec4f(), x[at.z / 4u], first + k < params.K);
          let d = select(vec4f(), x[at.w / 4u], first + k < params.K);
          x_tile[k * TILE_FOURS + four] = vec4f(a.x, b.x, c.x, d.x);
          x_tile[(k + 1u) * TILE_FOURS + four] = vec4f(a.y, b.y, c.y, d.y);
          x_tile[(k + 2u) * TILE_FOURS + four] = vec4f(a.z, b.z, c.z, d.z);
          x_tile[(k + 3u) * TILE_FOURS + four] = vec4f(a.w, b.w, c.w, d.w);
        } else {
          for (var c = k; c < k + 4u; c++) {
            let i = at + (c - k);
            let values = vec4f(x[i.x / 4u][i.x % 4u], x[i.y / 4u][i.y % 4u], x[i.z / 4u][i.z % 4u], x[i.w / 4u][i.w % 4u]);
            x_tile[c * TILE_FOURS + four] = select(vec4f(), values, first + c < params.K);
          }
        }
      }
    }
    for (var i = 0u; i < VALUES; i += LANES) {
      let at = i + lane;
      if (VALUES % LANES == 0u || at < VALUES) {
        let q = quad + at % TILE_QUADS;
        let k = first + at / TILE_QUADS;
        w_tile[at] = select(vec4f(), weight_value(k, q), q < params.quads && k < params.K);
      }
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      var w: array<vec4f, QUADS>;
      for (var q = 0u; q < QUADS; q++) { w[q] = w_tile[k * TILE_QUADS + across + SIDE * q]; }
      for (var f = 0u; f < FOURS; f++) {
        let values = x_tile[k * TILE_FOURS + down + SIDE * f];
        for (var r = 0u; r < 4u; r++) {
          for (var q = 0u; q < QUADS; q++) { sum[4u * f + r][q] += values[r] * w[q]; }
        }
      }
    }
    workgroupBarrier();
  }

  for (var m = 0u; m < ROWS; m++) {
    let at = row + 4u * (down + SIDE * (m / 4u)) + m % 4u;
    if (at >= params.M) { break; }
    for (var q = 0u; q < QUADS; q++) { store(at, 4u * (quad + across + SIDE * q), sum[m][q]); }
  }
}
