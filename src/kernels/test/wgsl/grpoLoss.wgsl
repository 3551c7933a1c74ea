// grpoLoss, from lib/finite.wgsl, grpoLoss.wgsl
// pipeline: no settings

// Tests on bits: WGSL lets a compiler assume that floats are finite, so `x != x` may be folded away.

fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }

fn is_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }

// Policy loss of each token and its derivative, with A the advantage, d = new − ref, and ratio = exp(new − old), or the
// exponential of its answer's mean log ratio when there is one ratio per sequence:
//   clipped:  policy = −min(min(ratio, cap) · A, clip(ratio, 1 − low, 1 + high) · A)
//   weighted: policy = −c · A · new, with c = min(ratio, high) a constant                                          (cispo)
//   kl          = d (k1),  d² / 2 (k2),  exp(−d) − 1 + d (k3),  or k3 up to 10 (low-var)
//   loss        = weight · (policy + kl_coef · kl)
//   coefficient = dloss / dnew
//   stats       = (loss, clipped, kl, |new − old|)
// old = NaN stands for the policy itself: ratio 1 with a gradient. weight = 0 gives zeros whatever the rest. ref is
// read only for kl_coef > 0. One ratio per sequence has the gradient of its tokens' mean: it is exact where weight is
// equal over an answer.

struct Params {
  M: u32,              // tokens in use
  sequence_ratio: u32, // 1: one ratio per answer
  policy: u32,         // 0: clipped, 1: weighted
  kl_kind: u32,        // 1, 2, 3, or 4 for low-var
  clip_low: f32,
  clip_high: f32,
  clip_cap: f32,
  kl_coef: f32,
}

@group(0) @binding(0) var<storage, read> logprob: array<f32>;           // (M) new
@group(0) @binding(1) var<storage, read> oldLogprob: array<f32>;        // (M)
@group(0) @binding(2) var<storage, read> sequenceLogRatio: array<f32>;  // (M) read for sequence_ratio only
@group(0) @binding(3) var<storage, read> referenceLogprob: array<f32>;  // (M)
@group(0) @binding(4) var<storage, read> advantage: array<f32>;         // (M)
@group(0) @binding(5) var<storage, read> weight: array<f32>;            // (M)
@group(0) @binding(6) var<storage, read_write> coefficient: array<f32>; // (M)
@group(0) @binding(7) var<storage, read_write> stats: array<f32>;       // (M, 4)
@group(1) @binding(0) var<uniform> params: Params;

struct Term {
  value: f32,
  slope: f32, // by new
}

struct PolicyTerm {
  value: f32,
  slope: f32,
  clipped: f32, // 1 where a positive advantage left the range upwards, or a negative one downwards
}

fn clipped_policy(ratio: f32, a: f32) -> PolicyTerm {
  let reached = min(ratio, params.clip_cap);
  let kept = clamp(ratio, 1.0 - params.clip_low, 1.0 + params.clip_high);
  let follows = select(kept == ratio, reached == ratio, reached * a <= kept * a);
  let below = reached < 1.0 - params.clip_low && a < 0.0;
  let above = reached > 1.0 + params.clip_high && a > 0.0;
  return PolicyTerm(-min(reached * a, kept * a), select(0.0, -ratio * a, follows), select(0.0, 1.0, below || above));
}

fn weighted_policy(ratio: f32, a: f32, now: f32) -> PolicyTerm {
  let slope = -min(ratio, params.clip_high) * a;
  return PolicyTerm(slope * now, slope, select(0.0, 1.0, ratio > params.clip_high && a > 0.0));
}

fn kl_term(d: f32) -> Term {
  if (params.kl_kind == 1u) { return Term(d, 1.0); }
  if (params.kl_kind == 2u) { return Term(0.5 * d * d, d); }
  let k3 = exp(-d) - 1.0 + d;
  if (params.kl_kind == 4u && k3 > 10.0) { return Term(10.0, 0.0); }
  return Term(k3, 1.0 - exp(-d));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let m = id.x;
  if (m >= params.M) { return; }
  let w = weight[m];
  var policy = PolicyTerm();
  var kl = Term();
  var moved = 0.0;
  if (w != 0.0) {
    let a = advantage[m];
    let token_log_ratio = select(logprob[m] - oldLogprob[m], 0.0, is_nan(oldLogprob[m]));
    moved = abs(token_log_ratio);
    var log_ratio = token_log_ratio;
    if (params.sequence_ratio == 1u) { log_ratio = sequenceLogRatio[m]; }
    if (a != 0.0) { // 0 · ∞ would be NaN
      if (params.policy == 1u) { policy = weighted_policy(exp(log_ratio), a, logprob[m]); }
      else { policy = clipped_policy(exp(log_ratio), a); }
    }
    if (params.kl_coef > 0.0) { kl = kl_term(logprob[m] - referenceLogprob[m]); }
  }
  coefficient[m] = w * (policy.slope + params.kl_coef * kl.slope);
  stats[4u * m] = w * (policy.value + params.kl_coef * kl.value);
  stats[4u * m + 1u] = policy.clipped;
  stats[4u * m + 2u] = kl.value;
  stats[4u * m + 3u] = moved;
}
