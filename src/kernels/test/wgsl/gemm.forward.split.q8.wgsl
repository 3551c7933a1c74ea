// gemm.forward.split.q8, from lib/weights/weight.q8.wgsl, lib/weights/activation.four.wgsl, lib/gemm.forward.wgsl, gemm/gemm.forward.split.wgsl
// pipeline: const LANES = 128u; const ACROSS = 4u; const ROWS = 1u; const GROUPS = 1u; const QUADS = 1u;
// pipeline: const LANES = 128u; const ACROSS = 4u; const ROWS = 8u; const GROUPS = 1u; const QUADS = 1u;
// pipeline: const LANES = 128u; const ACROSS = 8u; const ROWS = 8u; const GROUPS = 4u; const QUADS = 1u;
// pipeline: const LANES = 128u; const ACROSS = 8u; const ROWS = 8u; const GROUPS = 8u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 4u; const ROWS = 4u; const GROUPS = 2u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 8u; const ROWS = 1u; const GROUPS = 1u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 8u; const ROWS = 4u; const GROUPS = 16u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 8u; const ROWS = 4u; const GROUPS = 1u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 8u; const ROWS = 4u; const GROUPS = 8u; const QUADS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 2u; const ROWS = 1u; const GROUPS = 1u; const QUADS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 2u; const ROWS = 8u; const GROUPS = 1u; const QUADS = 1u;

// Weight format q8: word (k / 4, n) holds four signed bytes q of column n; W = d · q + m with d, m per 32 values. See
// kernels/weights/weight.ts.
const P = 4u; // values per word along K
const STEP = 4u; // what a block is read from, along K: four values or a whole word

@group(0) @binding(2) var<storage, read> words: array<vec4u>;  // (K / 4, quads) of four columns each
@group(0) @binding(3) var<storage, read> scales: array<vec4u>; // (K / 32, quads) f16 d low, f16 m high

// W[row · P … + P − 1, 4 · quad … + 3]
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  let word = bitcast<vec4i>(words[row * params.quads + quad]);
  let scale = scales[row / 8u * params.quads + quad];
  let x = unpack2x16float(scale.x);
  let y = unpack2x16float(scale.y);
  let z = unpack2x16float(scale.z);
  let w = unpack2x16float(scale.w);
  let d = vec4f(x.x, y.x, z.x, w.x);
  let m = vec4f(x.y, y.y, z.y, w.y);
  return array<vec4f, P>(
    d * vec4f((word << vec4u(24u)) >> vec4u(24u)) + m,
    d * vec4f((word << vec4u(16u)) >> vec4u(24u)) + m,
    d * vec4f((word << vec4u(8u)) >> vec4u(24u)) + m,
    d * vec4f(word >> vec4u(24u)) + m,
  );
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value(k: u32, quad: u32) -> vec4f {
  let word = bitcast<vec4i>(words[k / 4u * params.quads + quad] << vec4u(24u - k % 4u * 8u));
  let scale = scales[k / 32u * params.quads + quad];
  let x = unpack2x16float(scale.x);
  let y = unpack2x16float(scale.y);
  let z = unpack2x16float(scale.z);
  let w = unpack2x16float(scale.w);
  return vec4f(x.x, y.x, z.x, w.x) * vec4f(word >> vec4u(24u)) + vec4f(x.y, y.y, z.y, w.y);
}

// W[k … k + 3, 4 · quad … + 3] with k = step · STEP + 4 · block, a column for each k.
fn weight_block(step: u32, block: u32, quad: u32) -> mat4x4f {
  let a = weight_values(step, quad);
  return mat4x4f(a[0], a[1], a[2], a[3]);
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

// Forward product for few rows: y (+)= alpha · x · W, each word of W read once for all rows of a tile. A workgroup holds
// ACROSS vec4 columns of GROUPS · ROWS rows and cuts K among its slices; lanes of one slice that differ in rows alone
// lie side by side, so that one load of W serves them. The slices' sums meet in a fixed order, the same for any number
// of rows: first each of the upper half with one of the lower half, which halves the memory, then all.

const HALF = LANES / (ACROSS * GROUPS) / 2u; // of the slices
const TILE = GROUPS * ROWS;

var<workgroup> partial: array<vec4f, HALF * TILE * ACROSS>; // (HALF, TILE, ACROSS)

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let across = lane % ACROSS;
  let down = lane / ACROSS % GROUPS * ROWS;
  let slice = lane / (ACROSS * GROUPS);
  let quad = group.x * ACROSS + across;
  let first = (group.y * TILE + down) * params.K; // rows past the end read what they like and are not stored

  var sum: array<vec4f, ROWS>;
  if (quad < params.quads) {
    if (params.K % 4u == 0u) {
      for (var step = slice; step * STEP < params.K; step += 2u * HALF) {
        // Of a word with eight values one half after the other: both would not fit into registers.
        let blocks = select(min(STEP, params.K) / 4u, 1u, STEP == 4u);
        for (var b = 0u; b < blocks; b++) {
          let w = weight_block(step, b, quad);
          let at = first / 4u + step * (STEP / 4u) + b;
          for (var m = 0u; m < ROWS; m++) {
            let values = x[at + m * (params.K / 4u)];
            for (var c = 0u; c < 4u; c++) { sum[m] += values[c] * w[c]; }
          }
        }
      }
    } else {
      for (var k = slice; k < params.K; k += 2u * HALF) {
        let w = weight_value(k, quad);
        for (var m = 0u; m < ROWS; m++) {
          let i = first + m * params.K + k;
          sum[m] += x[i / 4u][i % 4u] * w;
        }
      }
    }
  }

  let mine = (slice % HALF * TILE + down) * ACROSS + across;
  if (slice >= HALF) {
    for (var m = 0u; m < ROWS; m++) { partial[mine + m * ACROSS] = sum[m]; }
  }
  workgroupBarrier();
  if (slice < HALF) {
    for (var m = 0u; m < ROWS; m++) { partial[mine + m * ACROSS] += sum[m]; }
  }
  workgroupBarrier();
  for (var i = lane; i < TILE * ACROSS; i += LANES) {
    var total = partial[i];
    for (var s = 1u; s < HALF; s++) { total += partial[s * TILE * ACROSS + i]; }
    let row = group.y * TILE + i / ACROSS;
    if (row < params.M) { store(row, 4u * (group.x * ACROSS + i % ACROSS), total); }
  }
}
