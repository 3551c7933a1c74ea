// rmsNorm.forward, from lib/weights/value.one.wgsl, lib/reduce.subgroup.wgsl, lib/grid.wgsl, rmsNorm.forward.wgsl
// pipeline: enable subgroups; override WORKGROUP = 64;
// pipeline: enable subgroups; override WORKGROUP = 8;

// Arrays seen as single elements. lib/weights/value.four.wgsl has the same names; kernels/weights/valueWidth.ts chooses.
alias Value = f32;
const WIDTH = 1u;

fn sum_of(value: Value) -> f32 { return value; }

// The reductions of lib/reduce.wgsl for a workgroup that is one subgroup: no memory, no barriers. Needs `enable
// subgroups`.

override WORKGROUP: u32 = 8u; // at most the adapter's smallest subgroup

fn workgroup_sum(lane: u32, value: f32) -> f32 { return subgroupAdd(value); }

fn workgroup_max(lane: u32, value: f32) -> f32 { return subgroupMax(value); }

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

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
