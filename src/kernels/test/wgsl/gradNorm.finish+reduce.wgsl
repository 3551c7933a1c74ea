// gradNorm.finish, from lib/reduce.wgsl, lib/finite.wgsl, gradNorm.finish.wgsl
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

// Tests on bits: WGSL lets a compiler assume that floats are finite, so `x != x` may be folded away.

fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }

fn is_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }

// Norm and clip scale, as torch's clip_grad_norm_:
//   scale = (norm, min(1, max_norm / (norm + 1e-6)), 1 if norm is finite else 0, 0),  norm = √Σ partial
// One workgroup.

struct Params {
  P: u32,        // partial sums
  max_norm: f32,
}

@group(0) @binding(0) var<storage, read> partial: array<f32>;     // (P)
@group(0) @binding(1) var<storage, read_write> scale: array<f32>; // (4)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var p = lane; p < params.P; p += WORKGROUP) { sum += partial[p]; }
  let square = workgroup_sum(lane, sum);
  if (lane == 0u) {
    let finite = is_finite(square);
    let norm = select(square, sqrt(square), finite);
    scale[0] = norm;
    scale[1] = select(0.0, min(1.0, params.max_norm / (norm + 1e-6)), finite);
    scale[2] = select(0.0, 1.0, finite);
    scale[3] = 0.0;
  }
}
