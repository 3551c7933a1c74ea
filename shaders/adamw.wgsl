// AdamW (Loshchilov & Hutter 2019), in PyTorch's order, with g = grad · clip scale:
//   parameter *= 1 − lr · decay
//   m = β1 m + (1 − β1) g,  v = β2 v + (1 − β2) g²
//   parameter −= lr / (1 − β1^t) · m / (√v / √(1 − β2^t) + eps)
//   grad = 0
// Nothing changes, grad included, when the norm was not finite (scale[2] is 0). Each invocation takes 4 elements a
// workgroup apart.

struct Params {
  n: u32,             // elements
  keep: f32,          // 1 − lr · decay
  beta1: f32,
  rest1: f32,         // 1 − β1
  beta2: f32,
  rest2: f32,         // 1 − β2
  step_size: f32,     // lr / (1 − β1^t)
  correction2: f32,   // 1 / √(1 − β2^t)
  eps: f32,
}

@group(0) @binding(0) var<storage, read_write> parameter: array<f32>; // (n)
@group(0) @binding(1) var<storage, read_write> grad: array<f32>;      // (n)
@group(0) @binding(2) var<storage, read_write> m: array<f32>;         // (n) first moment
@group(0) @binding(3) var<storage, read_write> v: array<f32>;         // (n) second moment
@group(0) @binding(4) var<storage, read> scale: array<f32>;           // (4) norm, clip scale, finite, 0
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  if (scale[2] == 0.0) { return; }
  let first = grid_index(group) * 256u + lane;
  for (var i = first; i < min(params.n, first + 256u); i += 64u) {
    let g = grad[i] * scale[1];
    m[i] = params.beta1 * m[i] + params.rest1 * g;
    v[i] = params.beta2 * v[i] + params.rest2 * g * g;
    let change = params.step_size * m[i] / (sqrt(v[i]) * params.correction2 + params.eps);
    parameter[i] = parameter[i] * params.keep - change;
    grad[i] = 0.0;
  }
}
