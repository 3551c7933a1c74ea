// gemm.inputGrad.register.q8, from lib/weights/weight.q8.wgsl, lib/weights/activation.one.wgsl, lib/gemm.inputGrad.wgsl, gemm/gemm.inputGrad.register.wgsl
// pipeline: const LANES = 64u; const ACROSS = 64u; const ROWS = 4u; const WORDS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 8u; const ROWS = 4u; const WORDS = 2u;
// pipeline: const LANES = 8u; const ACROSS = 8u; const ROWS = 4u; const WORDS = 1u;

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

// Activations that a matrix product reads one by one.
alias Activation = f32;

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

// Gradient of the input: dx (+)= alpha · dy · Wᵀ, a tile of ROWS rows × WORDS · P channels in the registers of each
// thread. Every element is one sum in the order of n, whatever the tile: the same bits for any number of rows.

// ACROSS lanes lie along the channels, the others along the rows: all of them for a wide x, few for a narrow one.
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * (LANES / ACROSS) + lane / ACROSS) * ROWS;
  let word = (group.x * ACROSS + lane % ACROSS) * WORDS;
  if (word * P >= params.K || row >= params.M) { return; }

  var at: array<u32, ROWS>; // rows past the end repeat the last one and are not stored
  for (var m = 0u; m < ROWS; m++) { at[m] = min(row + m, params.M - 1u) * params.N + params.start; }
  var sum: array<array<array<f32, P>, WORDS>, ROWS>;
  for (var quad = 0u; 4u * quad < params.count; quad++) {
    var w: array<array<vec4f, P>, WORDS>;
    for (var i = 0u; i < WORDS; i++) { w[i] = weight_values(min(word + i, (params.K - 1u) / P), quad); }
    let inside = vec4u(4u * quad) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.count);
    for (var m = 0u; m < ROWS; m++) {
      let n = at[m] + 4u * quad;
      // A column past the end belongs to the next shard or row: its value must not even meet a zero.
      let d = select(vec4f(), vec4f(dy[n], dy[n + 1u], dy[n + 2u], dy[n + 3u]), inside);
      for (var i = 0u; i < WORDS; i++) {
        for (var p = 0u; p < P; p++) {
          let v = w[i][p];
          sum[m][i][p] += d.x * v.x;
          sum[m][i][p] += d.y * v.y;
          sum[m][i][p] += d.z * v.z;
          sum[m][i][p] += d.w * v.w;
        }
      }
    }
  }

  // One store for all rows, not one for each: less code, where a guarded store is long.
  for (var m = 0u; m < min(ROWS, params.M - row); m++) {
    var of_row = sum[0];
    for (var r = 1u; r < ROWS; r++) {
      if (r == m) { of_row = sum[r]; }
    }
    for (var i = 0u; i < WORDS; i++) {
      for (var p = 0u; p < P; p++) { store(row + m, (word + i) * P + p, of_row[i][p]); }
    }
  }
}
