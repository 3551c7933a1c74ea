// What all gradients of the weight dW += alpha · xᵀ · dy share: sizes, operands and the addition.

struct Params {
  M: u32,     // rows in use
  K: u32,
  N: u32,     // row stride of dy
  start: u32, // first column of dy that this shard reads
  count: u32, // columns of this shard
  quads: u32, // its row stride, in vec4
  alpha: f32,
}

@group(0) @binding(0) var<storage, read> x: array<Activation>;               // (M, K)
@group(0) @binding(1) var<storage, read> dy: array<Activation>;              // (M, N)
@group(0) @binding(2) var<storage, read_write> dweight: array<vec4f>; // (K, quads), format f32
@group(1) @binding(0) var<uniform> params: Params;

fn add(k: u32, quad: u32, sum: vec4f) {
  if (quad >= params.quads) { return; }
  dweight[k * params.quads + quad] += params.alpha * sum;
}
