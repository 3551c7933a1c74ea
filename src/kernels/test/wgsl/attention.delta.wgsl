// attention.delta, from lib/grid.wgsl, attention/attention.delta.wgsl
// pipeline: override WORKGROUP = 16;
// pipeline: override WORKGROUP = 64;

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// Attention backward, first part: delta = dO · o, the mean of the value gradients under the attention weights.
// One thread per (row, head).

override WORKGROUP: u32 = 64u;

struct Params {
  size: u32,  // rows in use · H
  quads: u32, // D / 4
}

@group(0) @binding(0) var<storage, read> dO: array<vec4f>;        // (N, H, D)
@group(0) @binding(1) var<storage, read> o: array<vec4f>;         // (N, H, D)
@group(0) @binding(2) var<storage, read_write> delta: array<f32>; // (N, H)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = grid_index(group) * WORKGROUP + lane;
  if (index >= params.size) { return; }
  var sum = 0.0;
  for (var i = 0u; i < params.quads; i++) { sum += dot(dO[index * params.quads + i], o[index * params.quads + i]); }
  delta[index] = sum;
}
