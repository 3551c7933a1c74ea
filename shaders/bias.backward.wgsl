// Bias backward: dbias += Σ_N dy.
// One workgroup per channel: no atomics, so the sum has a fixed order.

struct Params {
  N: u32, // rows in use
  C: u32, // channels
}

@group(0) @binding(0) var<storage, read> dy: array<f32>;          // (N, C)
@group(0) @binding(1) var<storage, read_write> dbias: array<f32>; // (C)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let c = group.x;
  var sum = 0.0;
  for (var n = lane; n < params.N; n += WORKGROUP) { sum += dy[n * params.C + c]; }
  let total = workgroup_sum(lane, sum);
  if (lane == 0u) { dbias[c] += total; }
}
