// Forward product: y (+)= alpha · x · W, a tile of ROWS rows × 4 · QUADS columns in the registers of each thread.
// Every element is one sum in the order of k, whatever the tile: the same bits for any number of rows.

// ACROSS lanes lie along the columns, the others along the rows: all of them for a wide W, few for a narrow one.
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * (LANES / ACROSS) + lane / ACROSS) * ROWS;
  let quad = (group.x * ACROSS + lane % ACROSS) * QUADS;
  if (4u * quad >= params.count || row >= params.M) { return; }

  var at: array<u32, ROWS>; // rows past the end repeat the last one and are not stored
  for (var m = 0u; m < ROWS; m++) { at[m] = min(row + m, params.M - 1u) * params.K; }
  var sum: array<array<vec4f, QUADS>, ROWS>;
  for (var word = 0u; word * P < params.K; word++) {
    var w: array<array<vec4f, P>, QUADS>;
    for (var q = 0u; q < QUADS; q++) { w[q] = weight_values(word, quad + q); }
    for (var m = 0u; m < ROWS; m++) {
      for (var p = 0u; p < P; p++) {
        let value = select(0.0, x[at[m] + word * P + p], whole(word * P + p));
        for (var q = 0u; q < QUADS; q++) { sum[m][q] += value * w[q][p]; }
      }
    }
  }

  // One store for all rows, not one for each: less code, where a guarded store is long.
  for (var m = 0u; m < min(ROWS, params.M - row); m++) {
    var of_row = sum[0];
    for (var r = 1u; r < ROWS; r++) {
      if (r == m) { of_row = sum[r]; }
    }
    for (var q = 0u; q < QUADS; q++) { store(row + m, 4u * (quad + q), of_row[q]); }
  }
}
