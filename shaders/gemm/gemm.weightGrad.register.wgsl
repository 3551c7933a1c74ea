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
