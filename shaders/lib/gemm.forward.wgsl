// What all forward products y (+)= alpha · x · W share, after lib/weights/weight.*.wgsl: sizes, operands and the store.

struct Params {
  M: u32,          // rows in use
  K: u32,
  N: u32,          // row stride of y
  start: u32,      // first column of y that this shard writes
  count: u32,      // columns of this shard
  quads: u32,      // its row stride, in vec4
  accumulate: u32, // 1: add to y
  alpha: f32,
}

@group(0) @binding(0) var<storage, read> x: array<Activation>;       // (M, K)
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // (M, N)
@group(1) @binding(0) var<uniform> params: Params;

// An odd K leaves the last word of a 16-bit format half empty.
fn whole(k: u32) -> bool { return P != 2u || k < params.K; }

fn store(m: u32, n: u32, sum: vec4f) {
  for (var i = 0u; i < 4u; i++) {
    if (n + i < params.count) {
      let at = m * params.N + params.start + n + i;
      y[at] = select(0.0, y[at], params.accumulate == 1u) + params.alpha * sum[i];
    }
  }
}
