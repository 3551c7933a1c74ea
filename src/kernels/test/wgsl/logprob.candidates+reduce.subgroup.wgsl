// logprob.candidates, from lib/reduce.subgroup.wgsl, lib/grid.wgsl, lib/rowSoftmax.wgsl, logprob.candidates.wgsl
// pipeline: enable subgroups; override WORKGROUP = 8;

// The reductions of lib/reduce.wgsl for a workgroup that is one subgroup: no memory, no barriers. Needs `enable
// subgroups`.

override WORKGROUP: u32 = 8u; // at most the adapter's smallest subgroup

fn workgroup_sum(lane: u32, value: f32) -> f32 { return subgroupAdd(value); }

fn workgroup_max(lane: u32, value: f32) -> f32 { return subgroupMax(value); }

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// Statistics of the softmax of a row of V logits. The shader that includes this defines scaled_logit(row, v).
// Everything that reports a log-probability goes through here, so that sampling and training sum in the same order.

struct RowSoftmax {
  highest: f32, // largest logit
  lse: f32,     // log Σ exp(logit)
  entropy: f32, // lse − Σ p · logit, in nats
}

// Sums run over 64 terms before they join the total: a long tail of tiny terms must not vanish beside a large one.
const RUN = 64u;

// Call from uniform control flow.
fn row_softmax(lane: u32, row: u32, V: u32) -> RowSoftmax {
  var highest = -3.4028234e38;
  for (var v = lane; v < V; v += WORKGROUP) { highest = max(highest, scaled_logit(row, v)); }
  highest = workgroup_max(lane, highest);

  var mass = 0.0;
  var moment = 0.0; // Σ exp(x) · x, with x = logit − highest
  for (var start = lane; start < V; start += RUN * WORKGROUP) {
    var run_mass = 0.0;
    var run_moment = 0.0;
    let end = min(V, start + RUN * WORKGROUP);
    for (var v = start; v < end; v += WORKGROUP) {
      let x = scaled_logit(row, v) - highest;
      let weight = exp(x);
      run_mass += weight;
      run_moment += weight * x;
    }
    mass += run_mass;
    moment += run_moment;
  }
  mass = workgroup_sum(lane, mass);
  moment = workgroup_sum(lane, moment);
  return RowSoftmax(highest, highest + log(mass), log(mass) - moment / mass);
}

// Log-probabilities, at temperature 1, of Q given tokens in each row: logprob[m, q] = logits[m, candidate[q]] − lse[m]
// One workgroup per row.

struct Params {
  M: u32, // rows in use
  V: u32, // vocabulary
  Q: u32, // candidates
}

@group(0) @binding(0) var<storage, read> logits: array<f32>;        // (M, V)
@group(0) @binding(1) var<storage, read> candidate: array<u32>;     // (Q)
@group(0) @binding(2) var<storage, read_write> logprob: array<f32>; // (M, Q)
@group(1) @binding(0) var<uniform> params: Params;

fn scaled_logit(row: u32, v: u32) -> f32 { return logits[row * params.V + v]; }

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let m = grid_index(group);
  if (m >= params.M) { return; }
  let softmax = row_softmax(lane, m, params.V);
  for (var q = lane; q < params.Q; q += WORKGROUP) {
    logprob[m * params.Q + q] = scaled_logit(m, candidate[q]) - softmax.lse;
  }
}
