// RMSNorm forward: y = x · rstd · weight,  rstd = 1 / √(mean_C(x²) + eps)
// One workgroup per row, lanes stride over C.

struct Params {
  N: u32,   // rows in use
  C: u32,   // channels, in Values
  eps: f32, // variance floor
}

@group(0) @binding(0) var<storage, read> x: array<Value>;        // (N, C)
@group(0) @binding(1) var<storage, read> weight: array<Value>;   // (C)
@group(0) @binding(2) var<storage, read_write> y: array<Value>;  // (N, C)
@group(0) @binding(3) var<storage, read_write> rstd: array<f32>; // (N), kept for backward
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = grid_index(group);
  if (n >= params.N) { return; } // uniform over the workgroup
  let row = n * params.C;

  var squares = Value();
  for (var c = lane; c < params.C; c += WORKGROUP) { squares += x[row + c] * x[row + c]; }
  let r = inverseSqrt(workgroup_sum(lane, sum_of(squares)) / f32(WIDTH * params.C) + params.eps);

  for (var c = lane; c < params.C; c += WORKGROUP) { y[row + c] = x[row + c] * r * weight[c]; }
  if (lane == 0u) { rstd[n] = r; }
}
