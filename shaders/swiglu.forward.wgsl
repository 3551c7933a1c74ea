// SwiGLU forward: y = silu(gate) · up,  silu(x) = x · sigmoid(x)
// One thread per Value.

override WORKGROUP: u32 = 64u;

struct Params {
  size: u32, // rows in use · F, in Values
}

@group(0) @binding(0) var<storage, read> gate: array<Value>;    // (N, F)
@group(0) @binding(1) var<storage, read> up: array<Value>;      // (N, F)
@group(0) @binding(2) var<storage, read_write> y: array<Value>; // (N, F)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = grid_index(group) * WORKGROUP + lane;
  if (i >= params.size) { return; }
  let g = gate[i];
  y[i] = g * sigmoid(g) * up[i];
}
