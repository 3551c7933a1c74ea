// gradNorm.forward, from lib/reduce.wgsl, gradNorm.forward.wgsl
// pipeline: override WORKGROUP = 256;
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

// Sums of squares: partial[p] = Σ grad² over the p-th of P equal stretches of grad.
// One workgroup per stretch, so the order of the sum depends on n and P alone.

struct Params {
  n: u32, // elements
  P: u32, // stretches
}

@group(0) @binding(0) var<storage, read> grad: array<f32>;          // (n)
@group(0) @binding(1) var<storage, read_write> partial: array<f32>; // (P)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let p = group.x;
  let stretch = (params.n + params.P - 1u) / params.P;
  let end = min(params.n, (p + 1u) * stretch);
  var sum = 0.0;
  for (var i = p * stretch + lane; i < end; i += WORKGROUP) { sum += grad[i] * grad[i]; }
  let total = workgroup_sum(lane, sum);
  if (lane == 0u) { partial[p] = total; }
}
