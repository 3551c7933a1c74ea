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
