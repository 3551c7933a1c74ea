// gemm.forward.split.bf16, from lib/weight.bf16.wgsl, lib/activation.one.wgsl, lib/gemm.forward.wgsl, gemm/gemm.forward.split.wgsl
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

// Weight format bf16: word (k / 2, n) holds W[k, n] in its low half and W[k + 1, n] in its high half. See
// kernels/weight.ts.
const P = 2u; // values per word along K

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

// W[k … k + 3, 4 · quad … + 3], a column for each k, which is a multiple of four.
fn weight_block(k: u32, quad: u32) -> mat4x4f {
  let a = weight_values(k / 2u, quad);
  let b = weight_values(k / 2u + 1u, quad);
  return mat4x4f(a[0], a[1], b[0], b[1]);
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
