// rmsNorm.backward, from lib/weights/value.one.wgsl, lib/reduce.subgroup.wgsl, lib/grid.wgsl, rmsNorm.backward.wgsl
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

// RMSNorm backward, with x̂ = x · rstd and g = dy · weight:
//   dx      += rstd · (g − x̂ · mean_C(g · x̂))
//   dweight += Σ_N dy · x̂

struct Params {
  N: u32, // rows in use
  C: u32, // channels, in Values
}

@group(0) @binding(0) var<storage, read> dy: array<Value>;       // (N, C)
@group(0) @binding(1) var<storage, read> x: array<Value>;        // (N, C)
@group(0) @binding(2) var<storage, read> weight: array<Value>;   // (C)
@group(0) @binding(3) var<storage, read> rstd: array<f32>;       // (N)
@group(0) @binding(4) var<storage, read_write> dx: array<Value>; // (N, C)
@group(1) @binding(0) var<uniform> params: Params;

// One workgroup per row.
@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = grid_index(group);
  if (n >= params.N) { return; } // uniform over the workgroup
  let row = n * params.C;
  let r = rstd[n];

  var products = Value();
  for (var c = lane; c < params.C; c += WORKGROUP) { products += dy[row + c] * weight[c] * x[row + c] * r; }
  let mean = workgroup_sum(lane, sum_of(products)) / f32(WIDTH * params.C);

  for (var c = lane; c < params.C; c += WORKGROUP) {
    dx[row + c] += r * (dy[row + c] * weight[c] - x[row + c] * r * mean);
  }
}
