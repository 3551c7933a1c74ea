// bias.backward, from lib/reduce.wgsl, bias.backward.wgsl
// pipeline: override WORKGROUP = 64;
// pipeline: override WORKGROUP = 8;

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
