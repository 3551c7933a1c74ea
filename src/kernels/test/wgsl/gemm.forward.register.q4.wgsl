// gemm.forward.register.q4, from lib/weights/weight.q4.wgsl, lib/weights/activation.one.wgsl, lib/gemm.forward.wgsl, gemm/gemm.forward.register.wgsl
// pipeline: const LANES = 64u; const ACROSS = 64u; const ROWS = 4u; const QUADS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 8u; const ROWS = 4u; const QUADS = 2u;
// pipeline: const LANES = 8u; const ACROSS = 8u; const ROWS = 1u; const QUADS = 2u;
// pipeline: const LANES = 8u; const ACROSS = 8u; const ROWS = 8u; const QUADS = 1u;

// Weight format q4: word (k / 8, n) holds eight nibbles q of column n; W = d · q + m with d, m per 32 values. See
// kernels/weights/weight.ts.
const P = 8u; // values per word along K
const STEP = 8u; // what a block is read from, along K: four values or a whole word

@group(0) @binding(2) var<storage, read> words: array<vec4u>;  // (K / 8, quads) of four columns each
@group(0) @binding(3) var<storage, read> scales: array<vec4u>; // (K / 32, quads) f16 d low, f16 m high

// W[row · P … + P − 1, 4 · quad … + 3]
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  let word = words[row * params.quads + quad];
  let scale = scales[row / 4u * params.quads + quad];
  let x = unpack2x16float(scale.x);
  let y = unpack2x16float(scale.y);
  let z = unpack2x16float(scale.z);
  let w = unpack2x16float(scale.w);
  let d = vec4f(x.x, y.x, z.x, w.x);
  let m = vec4f(x.y, y.y, z.y, w.y);
  return array<vec4f, P>(
    d * vec4f(word & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(4u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(8u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(12u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(16u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(20u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(24u)) & vec4u(15u)) + m,
    d * vec4f(word >> vec4u(28u)) + m,
  );
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value(k: u32, quad: u32) -> vec4f {
  let word = words[k / 8u * params.quads + quad] >> vec4u(k % 8u * 4u);
  let scale = scales[k / 32u * params.quads + quad];
  let x = unpack2x16float(scale.x);
  let y = unpack2x16float(scale.y);
  let z = unpack2x16float(scale.z);
  let w = unpack2x16float(scale.w);
  return vec4f(x.x, y.x, z.x, w.x) * vec4f(word & vec4u(15u)) + vec4f(x.y, y.y, z.y, w.y);
}

// W[k … k + 3, 4 · quad … + 3] with k = step · STEP + 4 · block, a column for each k.
fn weight_block(step: u32, block: u32, quad: u32) -> mat4x4f {
  let word = words[step * params.quads + quad] >> vec4u(16u * block);
  let scale = scales[step / 4u * params.quads + quad];
  let x = unpack2x16float(scale.x);
  let y = unpack2x16float(scale.y);
  let z = unpack2x16float(scale.z);
  let w = unpack2x16float(scale.w);
  let d = vec4f(x.x, y.x, z.x, w.x);
  let m = vec4f(x.y, y.y, z.y, w.y);
  return mat4x4f(
    d * vec4f(word & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(4u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(8u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(12u)) & vec4u(15u)) + m,
  );
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
