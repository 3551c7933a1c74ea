// What all gradients of the input dx (+)= alpha · dy · Wᵀ share, after lib/weights/weight.*.wgsl: sizes, operands and the
// store.

struct Params {
  M: u32,          // rows in use
  K: u32,
  N: u32,          // row stride of dy
  start: u32,      // first column of dy that this shard reads
  count: u32,      // columns of this shard
  quads: u32,      // its row stride, in vec4
  accumulate: u32, // 1: add to dx
  alpha: f32,
}

@group(0) @binding(0) var<storage, read> dy: array<Activation>;       // (M, N)
@group(0) @binding(1) var<storage, read_write> dx: array<f32>; // (M, K)
@group(1) @binding(0) var<uniform> params: Params;

fn store(m: u32, k: u32, sum: f32) {
  if (k >= params.K) { return; }
  let at = m * params.K + k;
  dx[at] = select(0.0, dx[at], params.accumulate == 1u) + params.alpha * sum;
}
