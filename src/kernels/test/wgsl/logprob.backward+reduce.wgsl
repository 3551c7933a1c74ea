// logprob.backward, from lib/reduce.wgsl, lib/grid.wgsl, logprob.backward.wgsl
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

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// Logprob backward, over the logits themselves, with an entropy bonus (bonus · H taken from the loss, for rows whose
// weight is not 0):
//   dlogits = (coefficient · (onehot(target) − p) + bonus · p · (log p + H)) / temperature,  log p = logits / temperature − lse
// One workgroup per row. With coefficient and bonus 0 there are exact zeros, whatever the logits.

struct Params {
  M: u32,                   // rows in use
  V: u32,                   // vocabulary
  inverse_temperature: f32,
  bonus: f32,
}

@group(0) @binding(0) var<storage, read_write> logits: array<f32>;   // (M, V), then their gradient
@group(0) @binding(1) var<storage, read> target_token: array<u32>;   // (M)
@group(0) @binding(2) var<storage, read> lse: array<f32>;            // (M)
@group(0) @binding(3) var<storage, read> coefficient: array<f32>;    // (M) dloss / dlogprob
@group(0) @binding(4) var<storage, read> entropy: array<f32>;        // (M) H
@group(0) @binding(5) var<storage, read> weight: array<f32>;         // (M)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let m = grid_index(group);
  if (m >= params.M) { return; }
  let row = m * params.V;
  let scale = coefficient[m] * params.inverse_temperature;
  let spread = select(0.0, params.bonus * params.inverse_temperature, weight[m] != 0.0);
  if (scale == 0.0 && spread == 0.0) {
    for (var v = lane; v < params.V; v += WORKGROUP) { logits[row + v] = 0.0; }
    return;
  }
  let row_lse = lse[m];
  let row_entropy = entropy[m];
  let hit = target_token[m];
  for (var v = lane; v < params.V; v += WORKGROUP) {
    let log_p = logits[row + v] * params.inverse_temperature - row_lse;
    let p = exp(log_p);
    var gradient = scale * (select(0.0, 1.0, v == hit) - p);
    if (spread != 0.0) { gradient += spread * p * (log_p + row_entropy); }
    logits[row + v] = gradient;
  }
}
