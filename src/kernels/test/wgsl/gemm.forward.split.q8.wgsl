// gemm.forward.split.q8, from lib/weight.q8.wgsl, lib/activation.one.wgsl, lib/gemm.forward.wgsl, gemm/gemm.forward.split.wgsl
// pipeline: const LANES = 128u; const ACROSS = 4u; const ROWS = 1u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 128u; const ACROSS = 4u; const ROWS = 4u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 128u; const ACROSS = 4u; const ROWS = 8u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 8u; const ROWS = 1u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 8u; const ROWS = 2u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 8u; const ROWS = 4u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 8u; const ROWS = 8u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 2u; const ROWS = 1u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 2u; const ROWS = 4u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 2u; const ROWS = 8u; const DEPTH = 0u; const QUADS = 1u;

// Weight format q8: word (k / 4, n) holds four signed bytes q of column n; W = d · q + m with d, m per 32 values. See
// kernels/weight.ts.
const P = 4u; // values per word along K

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

// W[k … k + 3, 4 · quad … + 3], a column for each k, which is a multiple of four.
fn weight_block(k: u32, quad: u32) -> mat4x4f {
  let a = weight_values(k / 4u, quad);
  return mat4x4f(a[0], a[1], a[2], a[3]);
}

// Activations that a matrix product reads one by one.
alias Activation = f32;

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

// Forward product for few rows: y (+)= alpha · x · W, each word of W read once for all ROWS rows of a tile. A workgroup
// holds ACROSS vec4 columns and cuts K among its LANES / ACROSS slices; their sums meet in a fixed order, the same for
// any number of rows.

const SLICES = LANES / ACROSS;
var<workgroup> partial: array<vec4f, LANES>; // (SLICES, ACROSS)

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * ROWS;
  let quad = group.x * ACROSS + lane % ACROSS;
  let slice = lane / ACROSS;

  var at: array<u32, ROWS>; // rows past the end repeat the last one and are not stored
  for (var m = 0u; m < ROWS; m++) { at[m] = min(row + m, params.M - 1u) * params.K; }
  var sum: array<vec4f, ROWS>;
  let whole = params.K / P;
  if (quad < params.quads) {
    for (var word = slice; word < whole; word += SLICES) {
      var w = weight_values(word, quad);
      for (var m = 0u; m < ROWS; m++) {
        for (var p = 0u; p < P; p++) { sum[m] += x[at[m] + word * P + p] * w[p]; }
      }
    }
    if (slice == 0u) {
      for (var k = whole * P; k < params.K; k++) { // the last word of an odd K
        var w = weight_values(whole, quad);
        for (var m = 0u; m < ROWS; m++) { sum[m] += x[at[m] + k] * w[k % P]; }
      }
    }
  }

  for (var m = 0u; m < ROWS; m++) {
    partial[lane] = sum[m];
    workgroupBarrier();
    if (lane < ACROSS && row + m < params.M) {
      var total = partial[lane];
      for (var s = 1u; s < SLICES; s++) { total += partial[s * ACROSS + lane]; }
      store(row + m, 4u * quad, total);
    }
    workgroupBarrier();
  }
}
