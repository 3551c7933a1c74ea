// gemm.inputGrad.workgroup.f16, from lib/weights/weight.f16.wgsl, lib/weights/activation.four.wgsl, lib/gemm.inputGrad.wgsl, gemm/gemm.inputGrad.workgroup.wgsl
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 4u; const DEPTH = 16u; const FOURS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 8u; const DEPTH = 16u; const FOURS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 8u; const DEPTH = 8u; const FOURS = 2u;

// Weight format f16: word (k / 2, n) holds W[k, n] in its low half and W[k + 1, n] in its high half. See
// kernels/weights/weight.ts.
const P = 2u; // values per word along K
const STEP = 4u; // what a block is read from, along K: four values or a whole word

@group(0) @binding(2) var<storage, read> words: array<vec4u>; // (ceil(K / 2), quads) of four columns each

// W[row · P … + P − 1, 4 · quad … + 3]
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  let word = words[row * params.quads + quad];
  let a = unpack2x16float(word.x);
  let b = unpack2x16float(word.y);
  let c = unpack2x16float(word.z);
  let d = unpack2x16float(word.w);
  return array<vec4f, P>(vec4f(a.x, b.x, c.x, d.x), vec4f(a.y, b.y, c.y, d.y));
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value(k: u32, quad: u32) -> vec4f {
  let word = words[k / 2u * params.quads + quad] >> vec4u(k % 2u * 16u);
  return vec4f(unpack2x16float(word.x).x, unpack2x16float(word.y).x, unpack2x16float(word.z).x, unpack2x16float(word.w).x);
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

// What all gradients of the input dx (+)= alpha · dy · Wᵀ share, after lib/weights/weight.*.wgsl: sizes, operands and the
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

@group(0) @binding(0) var<storage, read> dy: array<Activation>;       // (M, N)
@group(0) @binding(1) var<storage, read_write> dx: array<f32>; // (M, K)
@group(1) @binding(0) var<uniform> params: Params;

fn store(m: u32, k: u32, sum: f32) {
  if (k >= params.K) { return; }
  let at = m * params.K + k;
  dx[at] = select(0.0, dx[at], params.accumulate == 1u) + params.alpha * sum;
}

// Gradient of the input: dx (+)= alpha · dy · Wᵀ. A workgroup of 16 × 16 threads stages DEPTH columns of dy and W at a
// time in workgroup memory; each thread holds ROWS rows, by fours, × 4 · FOURS channels. Every element is one sum in
// the order of n.

const SIDE = 16u;
const ROW_FOURS = ROWS / 4u;
const TILE_ROWS = SIDE * ROWS;
const TILE_ROW_FOURS = SIDE * ROW_FOURS;
const TILE_FOURS = SIDE * FOURS;
const DY_BLOCKS = TILE_ROW_FOURS * (DEPTH / 4u); // four rows × four columns
const W_BLOCKS = TILE_FOURS * (DEPTH / 4u); // four channels × four columns

var<workgroup> dy_tile: array<vec4f, DEPTH * TILE_ROW_FOURS>; // (DEPTH, TILE_ROWS)
var<workgroup> w_tile: array<vec4f, DEPTH * TILE_FOURS>;      // (DEPTH, TILE_FOURS)

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * TILE_ROWS;
  let channel = group.x * 4u * TILE_FOURS;
  let across = lane % SIDE;
  let down = lane / SIDE;

  var sum: array<array<vec4f, FOURS>, ROWS>;
  for (var first = 0u; first < params.count; first += DEPTH) {
    // Loops with constant bounds: the loads of all rounds go out before the first arrives.
    for (var i = 0u; i < DY_BLOCKS; i += LANES) {
      let block = i + lane;
      if (DY_BLOCKS % LANES == 0u || block < DY_BLOCKS) {
        let n = block % (DEPTH / 4u) * 4u;
        let four = block / (DEPTH / 4u);
        let at = min(vec4u(row + 4u * four) + FOUR, vec4u(params.M - 1u)) * params.N + params.start + first + n;
        let inside = vec4u(first + n) + FOUR < vec4u(params.count);
        if ((params.N | params.start) % 4u == 0u) {
          let a = select(vec4f(), dy[at.x / 4u], inside);
          let b = select(vec4f(), dy[at.y / 4u], inside);
          let c = select(vec4f(), dy[at.z / 4u], inside);
          let d = select(vec4f(), dy[at.w / 4u], inside);
          dy_tile[n * TILE_ROW_FOURS + four] = vec4f(a.x, b.x, c.x, d.x);
          dy_tile[(n + 1u) * TILE_ROW_FOURS + four] = vec4f(a.y, b.y, c.y, d.y);
          dy_tile[(n + 2u) * TILE_ROW_FOURS + four] = vec4f(a.z, b.z, c.z, d.z);
          dy_tile[(n + 3u) * TILE_ROW_FOURS + four] = vec4f(a.w, b.w, c.w, d.w);
        } else {
          for (var c = n; c < n + 4u; c++) {
            let i = at + (c - n);
            let values = vec4f(dy[i.x / 4u][i.x % 4u], dy[i.y / 4u][i.y % 4u], dy[i.z / 4u][i.z % 4u], dy[i.w / 4u][i.w % 4u]);
            dy_tile[c * TILE_ROW_FOURS + four] = select(vec4f(), values, first + c < params.count);
          }
        }
      }
    }
    for (var i = 0u; i < W_BLOCKS; i += LANES) {
      let block = i + LANES - 1u - lane; // the threads that have no block of dy
      if (W_BLOCKS % LANES == 0u || block < W_BLOCKS) {
        let n = block % (DEPTH / 4u) * 4u;
        let four = block / (DEPTH / 4u);
        let k = channel + 4u * four;
        let b = weight_block(k / STEP, k / 4u % (STEP / 4u), (first + n) / 4u);
        // Channels past the end are not stored.
        let inside = first + n < params.count;
        for (var c = 0u; c < 4u; c++) {
          w_tile[(n + c) * TILE_FOURS + four] = select(vec4f(), vec4f(b[0][c], b[1][c], b[2][c], b[3][c]), inside);
        }
      }
    }
    workgroupBarrier();
    for (var n = 0u; n < DEPTH; n++) {
      var w: array<vec4f, FOURS>;
      for (var i = 0u; i < FOURS; i++) { w[i] = w_tile[n * TILE_FOURS + across + SIDE * i]; }
      for (var f = 0u; f < ROW_FOURS; f++) {
        let values = dy_tile[n * TILE_ROW_FOURS + down + SIDE * f];
        for (var r = 0u; r < 4u; r++) {
          for (var i = 0u; i < FOURS; i++) { sum[4u * f + r][i] += values[r] * w[i]; }
        }
      }
    }
    workgroupBarrier();
  }

  for (var m = 0u; m < ROWS; m++) {
    let at = row + 4u * (down + SIDE * (m / 4u)) + m % 4u;
    if (at >= params.M) { break; }
    for (var i = 0u; i < FOURS; i++) {
      let k = channel + 4u * (across + SIDE * i);
      for (var c = 0u; c < 4u; c++) { store(at, k + c, sum[m][i][c]); }
    }
  }
}
