// Logprob backward, over the logits themselves:
//   dlogits = coefficient / temperature · (onehot(target) − p),  p = exp(logits / temperature − lse)
// One workgroup per row. A coefficient of 0 gives exact zeros, whatever the logits.

struct Params {
  M: u32,                   // rows in use
  V: u32,                   // vocabulary
  inverse_temperature: f32,
}

@group(0) @binding(0) var<storage, read_write> logits: array<f32>;   // (M, V), then their gradient
@group(0) @binding(1) var<storage, read> target_token: array<u32>;   // (M)
@group(0) @binding(2) var<storage, read> lse: array<f32>;            // (M)
@group(0) @binding(3) var<storage, read> coefficient: array<f32>;    // (M) dloss / dlogprob
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let m = grid_index(group);
  if (m >= params.M) { return; }
  let row = m * params.V;
  let scale = coefficient[m] * params.inverse_temperature;
  if (scale == 0.0) {
    for (var v = lane; v < params.V; v += WORKGROUP) { logits[row + v] = 0.0; }
    return;
  }
  let row_lse = lse[m];
  let hit = target_token[m];
  for (var v = lane; v < params.V; v += WORKGROUP) {
    let p = exp(logits[row + v] * params.inverse_temperature - row_lse);
    logits[row + v] = scale * (select(0.0, 1.0, v == hit) - p);
  }
}
