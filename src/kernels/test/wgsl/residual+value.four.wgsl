// residual, from lib/weights/value.four.wgsl, lib/grid.wgsl, residual.wgsl
// pipeline: no settings

// Arrays seen as groups of four elements: a quarter of the loads, stores and index arithmetic.
alias Value = vec4f;
const WIDTH = 4u;

fn sum_of(value: Value) -> f32 { return value.x + value.y + value.z + value.w; }

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// Residual: y += x. One thread per Value.

override WORKGROUP: u32 = 64u;

struct Params {
  size: u32, // rows in use · C, in Values
}

@group(0) @binding(0) var<storage, read> x: array<Value>;       // (N, C)
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // (N, C)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = grid_index(group) * WORKGROUP + lane;
  if (i >= params.size) { return; }
  y[i] += x[i];
}
