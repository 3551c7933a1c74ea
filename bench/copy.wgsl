// Copy bandwidth: y = x, one vec4 a thread.

struct Params { count: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = grid_index(group) * 64u + lane;
  if (i < params.count) { y[i] = x[i]; }
}
