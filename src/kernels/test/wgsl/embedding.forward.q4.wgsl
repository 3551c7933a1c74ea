// embedding.forward.q4, from lib/grid.wgsl, lib/weights/weight.q4.wgsl, embedding.forward.wgsl
// pipeline: no settings

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

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

// Embedding forward: x[n, :] = scale · W[:, token[n]], for the rows whose token lies in this shard of W (C, V).
// One thread per (row, word of P channels), so that a packed word is read once. lib/weights/weight.*.wgsl binds and
// unpacks the words.

override WORKGROUP: u32 = 64u;

struct Params {
  N: u32,     // rows in use
  C: u32,     // channels
  start: u32, // the shard's first token
  count: u32, // its tokens
  quads: u32, // its row stride, in vec4
  scale: f32,
}

@group(0) @binding(0) var<storage, read> token: array<u32>;   // (N)
@group(0) @binding(1) var<storage, read_write> x: array<f32>; // (N, C)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = grid_index(group) * WORKGROUP + lane;
  let perRow = (params.C + P - 1u) / P;
  let n = index / perRow;
  if (n >= params.N) { return; }
  let column = token[n] - params.start; // wraps below start, which is also out of range
  if (column >= params.count) { return; }

  let word = index % perRow;
  var values = weight_values(word, column / 4u);
  for (var p = 0u; p < P && word * P + p < params.C; p++) {
    x[n * params.C + word * P + p] = params.scale * values[p][column % 4u];
  }
}
