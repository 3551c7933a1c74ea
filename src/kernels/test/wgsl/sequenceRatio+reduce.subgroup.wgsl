// sequenceRatio, from lib/reduce.subgroup.wgsl, lib/grid.wgsl, lib/finite.wgsl, sequenceRatio.wgsl
// pipeline: enable subgroups; override WORKGROUP = 64;
// pipeline: enable subgroups; override WORKGROUP = 8;

// The reductions of lib/reduce.wgsl for a workgroup that is one subgroup: no memory, no barriers. Needs `enable
// subgroups`.

override WORKGROUP: u32 = 8u; // at most the adapter's smallest subgroup

fn workgroup_sum(lane: u32, value: f32) -> f32 { return subgroupAdd(value); }

fn workgroup_max(lane: u32, value: f32) -> f32 { return subgroupMax(value); }

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// Tests on bits: WGSL lets a compiler assume that floats are finite, so `x != x` may be folded away.

fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }

fn is_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }

// Mean log ratio of each answer, given to each of its rows (GSPO): with d = new − old, 0 where old is NaN,
//   log_ratio[m] = Σ d / n over the n rows of the answer whose weight is not 0
// One workgroup per answer.

struct Params {
  B: u32, // answers
}

@group(0) @binding(0) var<storage, read> logprob: array<f32>;        // (M) new
@group(0) @binding(1) var<storage, read> oldLogprob: array<f32>;     // (M)
@group(0) @binding(2) var<storage, read> weight: array<f32>;         // (M)
@group(0) @binding(3) var<storage, read> answerStart: array<u32>;    // (B + 1) first row of each answer, and M
@group(0) @binding(4) var<storage, read_write> logRatio: array<f32>; // (M)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let b = grid_index(group);
  if (b >= params.B) { return; } // uniform over the workgroup
  let start = answerStart[b];
  let end = answerStart[b + 1u];
  var sum = 0.0;
  var count = 0.0;
  for (var m = start + lane; m < end; m += WORKGROUP) {
    if (weight[m] == 0.0) { continue; }
    count += 1.0;
    if (!is_nan(oldLogprob[m])) { sum += logprob[m] - oldLogprob[m]; }
  }
  let mean = workgroup_sum(lane, sum) / max(1.0, workgroup_sum(lane, count));
  for (var m = start + lane; m < end; m += WORKGROUP) { logRatio[m] = mean; }
}
