// Of each row of logits / temperature:
//   lse = log Σ_V exp(logit),  logprob = logit[target] − lse,  entropy = lse − Σ_V p · logit
// One workgroup per row, lanes stride over V.

struct Params {
  M: u32,                   // rows in use
  V: u32,                   // vocabulary
  inverse_temperature: f32,
}

@group(0) @binding(0) var<storage, read> logits: array<f32>;        // (M, V)
@group(0) @binding(1) var<storage, read> target_token: array<u32>;  // (M)
@group(0) @binding(2) var<storage, read_write> logprob: array<f32>; // (M)
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;     // (M)
@group(0) @binding(4) var<storage, read_write> entropy: array<f32>; // (M)
@group(1) @binding(0) var<uniform> params: Params;

fn scaled_logit(row: u32, v: u32) -> f32 { return logits[row * params.V + v] * params.inverse_temperature; }

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let m = grid_index(group);
  if (m >= params.M) { return; } // uniform over the workgroup
  let softmax = row_softmax(lane, m, params.V);
  if (lane == 0u) {
    logprob[m] = scaled_logit(m, target_token[m]) - softmax.lse;
    lse[m] = softmax.lse;
    entropy[m] = softmax.entropy;
  }
}
