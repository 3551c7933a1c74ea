// gather.forward, from lib/grid.wgsl, gather.forward.wgsl
// pipeline: no settings

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// Gather rows: y[m] = x[index[m]]
// One invocation per element.

struct Params {
  M: u32, // rows in use
  C: u32, // channels
}

@group(0) @binding(0) var<storage, read> x: array<f32>;       // (N, C)
@group(0) @binding(1) var<storage, read> index: array<u32>;   // (M)
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // (M, C)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = grid_index(group) * 64u + lane;
  if (i >= params.M * params.C) { return; }
  let m = i / params.C;
  y[i] = x[index[m] * params.C + (i - m * params.C)];
}
