// embedding.forward.bf16, from lib/grid.wgsl, lib/weights/weight.bf16.wgsl, embedding.forward.wgsl
// pipeline: no settings

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// Weight format bf16: word (k / 2, n) holds W[k, n] in its low half and W[k + 1, n] in its high half. See
// kernels/weights/weight.ts.
const P = 2u; // values per word along K
const STEP = 4u; // what a block is read from, along K: four values or a whole word

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

// W[k … k + 3, 4 · quad … + 3] with k = step · STEP + 4 · block, a column for each k.
fn weight_block(step: u32, block: u32, quad: u32) -> mat4x4f {
  let a = weight_values(2u * step, quad);
  let b = weight_values(2u * step + 1u, quad);
  return mat4x4f(a[0], a[1], b[0], b[1]);
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
