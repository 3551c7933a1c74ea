// embedding.backward, from embedding.backward.wgsl
// pipeline: override CLASSES = 32;
// pipeline: override CLASSES = 4;

// Embedding backward: dW[:, token[n]] += scale · dx[n, :], summed over n in order.
// A thread owns one channel of the tokens ≡ class (mod CLASSES) and scans all rows: no two threads meet, so no atomics.

override WORKGROUP: u32 = 64u;
override CLASSES: u32 = 16u;

struct Params {
  N: u32,      // rows in use
  C: u32,      // channels
  start: u32,  // the shard's first token
  count: u32,  // its tokens
  stride: u32, // elements between channels
  scale: f32,
}

@group(0) @binding(0) var<storage, read> token: array<u32>;         // (N)
@group(0) @binding(1) var<storage, read> dx: array<f32>;            // (N, C)
@group(0) @binding(2) var<storage, read_write> dweight: array<f32>; // (C, stride)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let c = group.x * WORKGROUP + lane;
  if (c >= params.C) { return; }
  for (var n = 0u; n < params.N; n++) {
    let column = token[n] - params.start; // wraps below start, which is also out of range
    if (column < params.count && column % CLASSES == group.y) {
      dweight[c * params.stride + column] += params.scale * dx[n * params.C + c];
    }
  }
}
