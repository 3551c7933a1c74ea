// RMSNorm forward: y = x · rstd · weight,  rstd = 1 / √(mean_C(x²) + eps)
// One workgroup per row, lanes stride over C.

struct Params {
  N: u32,   // rows in use
  C: u32,   // channels
  eps: f32, // variance floor
}

@group(0) @binding(0) var<storage, read> x: array<f32>;          // (N, C)
@group(0) @binding(1) var<storage, read> weight: array<f32>;     // (C)
@group(0) @binding(2) var<storage, read_write> y: array<f32>;    // (N, C)
@group(0) @binding(3) var<storage, read_write> rstd: array<f32>; // (N), kept for backward
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = grid_index(group);
  if (n >= params.N) { return; } // uniform over the workgroup
  let row = n * params.C;

  var sum_sq = 0.0;
  for (var c = lane; c < params.C; c += WORKGROUP) { sum_sq += x[row + c] * x[row + c]; }
  let r = inverseSqrt(workgroup_sum(lane, sum_sq) / f32(params.C) + params.eps);

  for (var c = lane; c < params.C; c += WORKGROUP) { y[row + c] = x[row + c] * r * weight[c]; }
  if (lane == 0u) { rstd[n] = r; }
}
