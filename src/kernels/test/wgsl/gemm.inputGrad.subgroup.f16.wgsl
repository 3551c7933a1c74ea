// gemm.inputGrad.subgroup.f16, from lib/weights/weight.f16.wgsl, lib/weights/activation.one.wgsl, lib/gemm.inputGrad.wgsl, gemm/gemm.inputGrad.subgroup.wgsl
// pipeline: enable subgroups; const LANES = 64u; const ACROSS = 64u; const ROWS = 16u; const WORDS = 1u;
// pipeline: enable subgroups; const LANES = 64u; const ACROSS = 64u; const ROWS = 8u; const WORDS = 1u;
// pipeline: enable subgroups; const LANES = 8u; const ACROSS = 8u; const ROWS = 16u; const WORDS = 2u;

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
// thread. A value of dy serves all lanes: each lane of a group of eight reads one row in eight and hands it to the
// others. Every element is one sum in the order of n, whatever the tile: the same bits for any number of rows.

const EIGHTHS = ROWS / 8u;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_invocation_id) peer: u32,
) {
  let row = group.y * ROWS;
  let word = (group.x * LANES + lane) * WORDS; // past the end: works on nothing, since its peers need what it reads

  var at: array<u32, EIGHTHS>; // rows past the end repeat the last one and are not stored
  for (var i = 0u; i < EIGHTHS; i++) {
    at[i] = min(row + 8u * i + peer % 8u, params.M - 1u) * params.N + params.start;
  }
  var sum: array<array<array<f32, P>, WORDS>, ROWS>;
  for (var quad = 0u; 4u * quad < params.count; quad++) {
    var w: array<array<vec4f, P>, WORDS>;
    for (var i = 0u; i < WORDS; i++) { w[i] = weight_values(min(word + i, (params.K - 1u) / P), quad); }
    let inside = vec4u(4u * quad) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.count);
    for (var e = 0u; e < EIGHTHS; e++) {
      let n = at[e] + 4u * quad;
      // A column past the end belongs to the next shard or row: its value must not even meet a zero.
      let mine = select(vec4f(), vec4f(dy[n], dy[n + 1u], dy[n + 2u], dy[n + 3u]), inside);
      for (var j = 0u; j < 8u; j++) {
        let d = subgroupShuffle(mine, j);
        for (var i = 0u; i < WORDS; i++) {
          for (var p = 0u; p < P; p++) {
            sum[8u * e + j][i][p] = sum[8u * e + j][i][p] + d.x * w[i][p].x + d.y * w[i][p].y + d.z * w[i][p].z + d.w * w[i][p].w;
          }
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
