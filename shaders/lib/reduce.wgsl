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
