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
