// gather.backward, from lib/grid.wgsl, gather.backward.wgsl
// pipeline: no settings

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// Gather backward: dx[index[m]] += dy[m]. Indices are distinct, so no two invocations meet.
// One invocation per element.

struct Params {
  M: u32, // rows in use
  C: u32, // channels
}

@group(0) @binding(0) var<storage, read> dy: array<f32>;       // (M, C)
@group(0) @binding(1) var<storage, read> index: array<u32>;    // (M)
@group(0) @binding(2) var<storage, read_write> dx: array<f32>; // (N, C)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = grid_index(group) * 64u + lane;
  if (i >= params.M * params.C) { return; }
  let m = i / params.C;
  dx[index[m] * params.C + (i - m * params.C)] += dy[i];
}
