// GRPO loss of each token and its derivative, with ratio = exp(new − old), A the advantage, k3 = exp(ref − new) − (ref − new) − 1:
//   loss        = weight · (max(−ratio · A, −clip(ratio, 1 − low, 1 + high) · A) + kl_coef · k3)
//   coefficient = dloss / dnew
//   stats       = (clipped, k3, |new − old|)
// old = NaN stands for the policy itself: ratio 1 with a gradient. weight = 0 gives zeros whatever the rest. ref is read only for kl_coef > 0.

struct Params {
  M: u32, // tokens in use
  clip_low: f32,
  clip_high: f32,
  kl_coef: f32,
}

@group(0) @binding(0) var<storage, read> logprob: array<f32>;           // (M) new
@group(0) @binding(1) var<storage, read> oldLogprob: array<f32>;        // (M)
@group(0) @binding(2) var<storage, read> referenceLogprob: array<f32>;  // (M)
@group(0) @binding(3) var<storage, read> advantage: array<f32>;         // (M)
@group(0) @binding(4) var<storage, read> weight: array<f32>;            // (M)
@group(0) @binding(5) var<storage, read_write> loss: array<f32>;        // (M)
@group(0) @binding(6) var<storage, read_write> coefficient: array<f32>; // (M)
@group(0) @binding(7) var<storage, read_write> stats: array<f32>;       // (M, 3)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let m = id.x;
  if (m >= params.M) { return; }
  var value = 0.0;
  var slope = 0.0;
  var clipped = 0.0;
  var k3 = 0.0;
  var moved = 0.0;

  let w = weight[m];
  if (w != 0.0) {
    let a = advantage[m];
    let on_policy = is_nan(oldLogprob[m]);
    let log_ratio = select(logprob[m] - oldLogprob[m], 0.0, on_policy);
    let ratio = exp(log_ratio);
    moved = abs(log_ratio);
    if (a > 0.0 && ratio > 1.0 + params.clip_high) {
      clipped = 1.0;
      value = -(1.0 + params.clip_high) * a;
    } else if (a < 0.0 && ratio < 1.0 - params.clip_low) {
      clipped = 1.0;
      value = -(1.0 - params.clip_low) * a;
    } else if (a != 0.0) { // 0 · ∞ would be NaN
      value = -ratio * a;
      slope = value;
    }
    if (params.kl_coef > 0.0) {
      let gap = referenceLogprob[m] - logprob[m];
      k3 = exp(gap) - gap - 1.0;
      value += params.kl_coef * k3;
      slope += params.kl_coef * (1.0 - exp(gap));
    }
    value *= w;
    slope *= w;
  }
  loss[m] = value;
  coefficient[m] = slope;
  stats[3u * m] = clipped;
  stats[3u * m + 1u] = k3;
  stats[3u * m + 2u] = moved;
}
