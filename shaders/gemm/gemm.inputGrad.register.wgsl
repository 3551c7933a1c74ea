// Gradient of the input: dx (+)= alpha · dy · Wᵀ, a tile of ROWS rows × WORDS · P channels in the registers of each
// thread. Every element is one sum in the order of n, whatever the tile: the same bits for any number of rows.

// ACROSS lanes lie along the channels, the others along the rows: all of them for a wide x, few for a narrow one.
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * (LANES / ACROSS) + lane / ACROSS) * ROWS;
  let word = (group.x * ACROSS + lane % ACROSS) * WORDS;
  if (word * P >= params.K || row >= params.M) { return; }

  var at: array<u32, ROWS>; // rows past the end repeat the last one and are not stored
  for (var m = 0u; m < ROWS; m++) { at[m] = min(row + m, params.M - 1u) * params.N + params.start; }
  var sum: array<array<array<f32, P>, WORDS>, ROWS>;
  for (var quad = 0u; 4u * quad < params.count; quad++) {
    var w: array<array<vec4f, P>, WORDS>;
    for (var i = 0u; i < WORDS; i++) { w[i] = weight_values(min(word + i, (params.K - 1u) / P), quad); }
    let inside = vec4u(4u * quad) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.count);
    for (var m = 0u; m < ROWS; m++) {
      let n = at[m] + 4u * quad;
      // A column past the end belongs to the next shard or row: its value must not even meet a zero.
      let d = select(vec4f(), vec4f(dy[n], dy[n + 1u], dy[n + 2u], dy[n + 3u]), inside);
      for (var i = 0u; i < WORDS; i++) {
        for (var p = 0u; p < P; p++) {
          let v = w[i][p];
          sum[m][i][p] += d.x * v.x;
          sum[m][i][p] += d.y * v.y;
          sum[m][i][p] += d.z * v.z;
          sum[m][i][p] += d.w * v.w;
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
    for (var i = 0u; i < WORDS; i++) {
      for (var p = 0u; p < P; p++) { store(row + m, (word + i) * P + p, of_row[i][p]); }
    }
  }
}
