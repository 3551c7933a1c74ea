// Forward product: y (+)= alpha · x · W, a tile of ROWS rows × 4 · QUADS columns in the registers of each thread.
// Every element is one sum in the order of k, whatever the tile: the same bits for any number of rows.

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

@group(0) @binding(0) var<storage, read> x: array<f32>;       // (M, K)
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // (M, N)
@group(1) @binding(0) var<uniform> params: Params;

// Lanes lie along the columns, so that a workgroup reads whole rows of words and one value of x for all.
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * ROWS;
  let quad = (group.x * LANES + lane) * QUADS;
  if (4u * quad >= params.count) { return; }

  var at: array<u32, ROWS>; // rows past the end repeat the last one and are not stored
  for (var m = 0u; m < ROWS; m++) { at[m] = min(row + m, params.M - 1u) * params.K; }
  var sum: array<array<vec4f, QUADS>, ROWS>;
  let whole = params.K / P;
  for (var word = 0u; word < whole; word++) {
    var w: array<array<vec4f, P>, QUADS>;
    for (var q = 0u; q < QUADS; q++) { w[q] = weight_values(word, quad + q); }
    for (var m = 0u; m < ROWS; m++) {
      for (var p = 0u; p < P; p++) {
        let value = x[at[m] + word * P + p];
        for (var q = 0u; q < QUADS; q++) { sum[m][q] += value * w[q][p]; }
      }
    }
  }
  for (var k = whole * P; k < params.K; k++) { // the last word of an odd K
    for (var q = 0u; q < QUADS; q++) {
      var w = weight_values(whole, quad + q);
      for (var m = 0u; m < ROWS; m++) { sum[m][q] += x[at[m] + k] * w[k % P]; }
    }
  }

  for (var m = 0u; m < ROWS; m++) {
    for (var q = 0u; q < QUADS; q++) { store(row + m, 4u * (quad + q), sum[m][q]); }
  }
}

fn store(m: u32, n: u32, sum: vec4f) {
  if (m >= params.M) { return; }
  for (var i = 0u; i < 4u && n + i < params.count; i++) {
    let at = m * params.N + params.start + n + i;
    y[at] = select(0.0, y[at], params.accumulate == 1u) + params.alpha * sum[i];
  }
}
