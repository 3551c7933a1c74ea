// gradNorm.forward, from lib/reduce.subgroup.wgsl, gradNorm.forward.wgsl
// pipeline: enable subgroups; override WORKGROUP = 8;

// The reductions of lib/reduce.wgsl for a workgroup that is one subgroup: no memory, no barriers. Needs `enable
// subgroups`.

override WORKGROUP: u32 = 8u; // at most the adapter's smallest subgroup

fn workgroup_sum(lane: u32, value: f32) -> f32 { return subgroupAdd(value); }

fn workgroup_max(lane: u32, value: f32) -> f32 { return subgroupMax(value); }

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
