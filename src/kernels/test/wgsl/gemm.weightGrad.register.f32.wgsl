// gemm.weightGrad.register.f32, from lib/weights/activation.one.wgsl, lib/gemm.weightGrad.wgsl, gemm/gemm.weightGrad.register.wgsl
// pipeline: const LANES = 64u; const ACROSS = 4u; const ROWS = 2u; const QUADS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 64u; const ROWS = 4u; const QUADS = 1u;
// pipeline: const LANES = 64u; const ACROSS = 8u; const ROWS = 4u; const QUADS = 2u;
// pipeline: const LANES = 8u; const ACROSS = 4u; const ROWS = 4u; const QUADS = 1u;
// pipeline: const LANES = 8u; const ACROSS = 8u; const ROWS = 8u; const QUADS = 2u;

// Activations that a matrix product reads one by one.
alias Activation = f32;

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

// Gradient of the weight: dW += alpha · xᵀ · dy, a tile of ROWS channels × 4 · QUADS columns in the registers of each
// thread. Every element is one sum in the order of m.

// ACROSS lanes lie along the columns, the others along the channels: all of them for a wide W, few for a narrow one.
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let k = (group.y * (LANES / ACROSS) + lane / ACROSS) * ROWS;
  let quad = (group.x * ACROSS + lane % ACROSS) * QUADS;
  if (quad >= params.quads || k >= params.K) { return; }

  var inside: array<vec4<bool>, QUADS>;
  for (var q = 0u; q < QUADS; q++) {
    inside[q] = vec4u(4u * (quad + q)) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.count);
  }
  var sum: array<array<vec4f, QUADS>, ROWS>;
  for (var m = 0u; m < params.M; m++) {
    var d: array<vec4f, QUADS>;
    for (var q = 0u; q < QUADS; q++) {
      let n = m * params.N + params.start + 4u * (quad + q);
      d[q] = select(vec4f(), vec4f(dy[n], dy[n + 1u], dy[n + 2u], dy[n + 3u]), inside[q]);
    }
    for (var i = 0u; i < ROWS; i++) {
      let value = x[m * params.K + min(k + i, params.K - 1u)];
      for (var q = 0u; q < QUADS; q++) { sum[i][q] += value * d[q]; }
    }
  }

  // One store for all channels, not one for each: less code, where a guarded store is long.
  for (var i = 0u; i < min(ROWS, params.K - k); i++) {
    var of_channel = sum[0];
    for (var r = 1u; r < ROWS; r++) {
      if (r == i) { of_channel = sum[r]; }
    }
    for (var q = 0u; q < QUADS; q++) { add(k + i, quad + q, of_channel[q]); }
  }
}
