// gradNorm.finish, from lib/reduce.subgroup.wgsl, lib/finite.wgsl, gradNorm.finish.wgsl
// pipeline: enable subgroups; override WORKGROUP = 8;

// The reductions of lib/reduce.wgsl for a workgroup that is one subgroup: no memory, no barriers. Needs `enable
// subgroups`.

override WORKGROUP: u32 = 8u; // at most the adapter's smallest subgroup

fn workgroup_sum(lane: u32, value: f32) -> f32 { return subgroupAdd(value); }

fn workgroup_max(lane: u32, value: f32) -> f32 { return subgroupMax(value); }

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
