// gemm.forward.split.f32, from lib/weight.f32.wgsl, lib/activation.one.wgsl, lib/gemm.forward.wgsl, gemm/gemm.forward.split.wgsl
// pipeline: const LANES = 128u; const ACROSS = 4u; const ROWS = 1u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 128u; const ACROSS = 4u; const ROWS = 4u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 128u; const ACROSS = 4u; const ROWS = 8u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 4u; const ROWS = 4u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 8u; const ROWS = 1u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 8u; const ROWS = 2u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 8u; const ROWS = 4u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 256u; const ACROSS = 8u; const ROWS = 8u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 2u; const ROWS = 1u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 2u; const ROWS = 4u; const DEPTH = 0u; const QUADS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 2u; const ROWS = 8u; const DEPTH = 0u; const QUADS = 1u;

// Weight format f32: word (k, n) is W[k, n]. See kernels/weight.ts.
const P = 1u; // values per word along K

@group(0) @binding(2) var<storage, read> words: array<vec4f>; // (K, quads) of four columns each

// W[row · P … + P − 1, 4 · quad … + 3]
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  return array<vec4f, P>(words[row * params.quads + quad]);
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value(k: u32, quad: u32) -> vec4f { return words[k * params.quads + quad]; }

// W[k … k + 3, 4 · quad … + 3], a column for each k, which is a multiple of four.
fn weight_block(k: u32, quad: u32) -> mat4x4f {
  let at = k * params.quads + quad;
  return mat4x4f(words[at], words[at + params.quads], words[at + 2u * params.quads], words[at + 3u * params.quads]);
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
