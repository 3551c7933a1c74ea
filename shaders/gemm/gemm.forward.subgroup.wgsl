// Forward product: y (+)= alpha · x · W, a tile of ROWS rows × 4 · QUADS columns in the registers of each thread.
// A value of x serves all lanes: each lane of a group of eight reads one row in eight and hands it to the others.
// Every element is one sum in the order of k, whatever the tile: the same bits for any number of rows.

const EIGHTHS = ROWS / 8u;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_invocation_id) peer: u32,
) {
  let row = group.y * ROWS;
  let quad = (group.x * LANES + lane) * QUADS; // past the end: works on nothing, since its peers need what it reads

  var at: array<u32, EIGHTHS>; // rows past the end repeat the last one and are not stored
  for (var i = 0u; i < EIGHTHS; i++) { at[i] = min(row + 8u * i + peer % 8u, params.M - 1u) * params.K; }
  var sum: array<array<vec4f, QUADS>, ROWS>;
  for (var word = 0u; word * P < params.K; word++) {
    var w: array<array<vec4f, P>, QUADS>;
    for (var q = 0u; q < QUADS; q++) { w[q] = weight_values(word, quad + q); }
    for (var i = 0u; i < EIGHTHS; i++) {
      var mine: array<f32, P>;
      for (var p = 0u; p < P; p++) { mine[p] = select(0.0, x[at[i] + word * P + p], whole(word * P + p)); }
      for (var j = 0u; j < 8u; j++) {
        for (var p = 0u; p < P; p++) {
          let value = subgroupShuffle(mine[p], j);
          for (var q = 0u; q < QUADS; q++) { sum[8u * i + j][q] += value * w[q][p]; }
        }
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
