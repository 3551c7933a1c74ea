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
