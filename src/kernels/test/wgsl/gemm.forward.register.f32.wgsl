// gemm.forward.register.f32, from lib/weights/weight.f32.wgsl, lib/weights/activation.one.wgsl, lib/gemm.forward.wgsl, gemm/gemm.forward.register.wgsl
// pipeline: const LANES = 64u; const ACROSS = 64u; const ROWS = 4u; const QUADS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 8u; const ROWS = 4u; const QUADS = 2u;
// pipeline: const LANES = 8u; const ACROSS = 4u; const ROWS = 8u; const QUADS = 1u;
// pipeline: const LANES = 8u; const ACROSS = 8u; const ROWS = 1u; const QUADS = 2u;
// pipeline: const LANES = 8u; const ACROSS = 8u; const ROWS = 8u; const QUADS = 2u;

// Weight format f32: word (k, n) is W[k, n]. See kernels/weights/weight.ts.
const P = 1u; // values per word along K
const STEP = 4u; // what a block is read from, along K: four values or a whole word

@group(0) @binding(2) var<storage, read> words: array<vec4f>; // (K, quads) of four columns each

// W[row · P … + P − 1, 4 · quad … + 3]
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  return array<vec4f, P>(words[row * params.quads + quad]);
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value(k: u32, quad: u32) -> vec4f { return words[k * params.quads + quad]; }

// W[k … k + 3, 4 · quad … + 3] with k = step · STEP + 4 · block, a column for each k.
fn weight_block(step: u32, block: u32, quad: u32) -> mat4x4f {
  let at = 4u * step * params.quads + quad;
  return mat4x4f(words[at], words[at + params.quads], words[at + 2u * params.quads], words[at + 3u * params.quads]);
}

// Activations that a matrix product reads one by one.
alias Activation = f32;

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

// Forward product: y (+)= alpha · x · W, a tile of ROWS rows × 4 · QUADS columns in the registers of each thread.
// Every element is one sum in the order of k, whatever the tile: the same bits for any number of rows.

// ACROSS lanes lie along the columns, the others along the rows: all of them for a wide W, few for a narrow one.
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * (LANES / ACROSS) + lane / ACROSS) * ROWS;
  let quad = (group.x * ACROSS + lane % ACROSS) * QUADS;
  if (4u * quad >= params.count || row >= params.M) { return; }

  var at: array<u32, ROWS>; // rows past the end repeat the last one and are not stored
  for (var m = 0u; m < ROWS; m++) { at[m] = min(row + m, params.M - 1u) * params.K; }
  var sum: array<array<vec4f, QUADS>, ROWS>;
  for (var word = 0u; word * P < params.K; word++) {
    var w: array<array<vec4f, P>, QUADS>;
    for (var q = 0u; q < QUADS; q++) { w[q] = weight_values(word, quad + q); }
    for (var m = 0u; m < ROWS; m++) {
      for (var p = 0u; p < P; p++) {
        let value = select(0.0, x[at[m] + word * P + p], whole(word * P + p));
        for (var q = 0u; q < QUADS; q++) { sum[m][q] += value * w[q][p]; }
      }
    }
  }

  // One store for all rows, not one for each: less code, where a guarded store is long.
  for (var m = 0u; m < min(ROWS, params.M - row); m++) {
    var of_row = sum[0];
    for (var r = 1u; r < ROWS; r++) {
      if (r == m) { of_row = sum[r]; }
    }
    for (var q = 0u; q < QUADS; q++) { store(row + m, 4u * (quad + q), of_row[q]); }
  }
}
