// rmsNorm.forward, from lib/weights/value.one.wgsl, lib/reduce.wgsl, lib/grid.wgsl, rmsNorm.forward.wgsl
// pipeline: override WORKGROUP = 64;
// pipeline: override WORKGROUP = 8;

// Arrays seen as single elements. lib/weights/value.four.wgsl has the same names; kernels/weights/valueWidth.ts chooses.
alias Value = f32;
const WIDTH = 1u;

fn sum_of(value: Value) -> f32 { return value; }

// Workgroup reductions. They contain barriers: call them from uniform control flow only.

override WORKGROUP: u32 = 64u; // power of two
var<workgroup> reduce_scratch: array<f32, WORKGROUP>;

// Sum of `value` over the workgroup, returned to every lane. The order is fixed: same input, same bits.
fn workgroup_sum(lane: u32, value: f32) -> f32 {
  reduce_scratch[lane] = value;
  workgroupBarrier();
  for (var stride = WORKGROUP / 2u; stride > 0u; stride /= 2u) {
    if (lane < stride) { reduce_scratch[lane] += reduce_scratch[lane + stride]; }
    workgroupBarrier();
  }
  let total = reduce_scratch[0];
  workgroupBarrier(); // the next caller may overwrite the scratch
  return total;
}

// Largest `value` over the workgroup, returned to every lane.
fn workgroup_max(lane: u32, value: f32) -> f32 {
  reduce_scratch[lane] = value;
  workgroupBarrier();
  for (var stride = WORKGROUP / 2u; stride > 0u; stride /= 2u) {
    if (lane < stride) { reduce_scratch[lane] = max(reduce_scratch[lane], reduce_scratch[lane + stride]); }
    workgroupBarrier();
  }
  let largest = reduce_scratch[0];
  workgroupBarrier();
  return largest;
}

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
