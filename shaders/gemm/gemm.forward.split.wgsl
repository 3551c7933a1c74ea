// Forward product for few rows: y (+)= alpha · x · W, each word of W read once for all ROWS rows of a tile. A workgroup
// holds ACROSS vec4 columns and cuts K among its LANES / ACROSS slices; their sums meet in a fixed order, the same for
// any number of rows.

const SLICES = LANES / ACROSS;
var<workgroup> partial: array<vec4f, LANES>; // (SLICES, ACROSS)

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * ROWS;
  let quad = group.x * ACROSS + lane % ACROSS;
  let slice = lane / ACROSS;

  var at: array<u32, ROWS>; // rows past the end repeat the last one and are not stored
  for (var m = 0u; m < ROWS; m++) { at[m] = min(row + m, params.M - 1u) * params.K; }
  var sum: array<vec4f, ROWS>;
  let whole = params.K / P;
  if (quad < params.quads) {
    for (var word = slice; word < whole; word += SLICES) {
      var w = weight_values(word, quad);
      for (var m = 0u; m < ROWS; m++) {
        for (var p = 0u; p < P; p++) { sum[m] += x[at[m] + word * P + p] * w[p]; }
      }
    }
    if (slice == 0u) {
      for (var k = whole * P; k < params.K; k++) { // the last word of an odd K
        var w = weight_values(whole, quad);
        for (var m = 0u; m < ROWS; m++) { sum[m] += x[at[m] + k] * w[k % P]; }
      }
    }
  }

  for (var m = 0u; m < ROWS; m++) {
    partial[lane] = sum[m];
    workgroupBarrier();
    if (lane < ACROSS && row + m < params.M) {
      var total = partial[lane];
      for (var s = 1u; s < SLICES; s++) { total += partial[s * ACROSS + lane]; }
      store(row + m, 4u * quad, total);
    }
    workgroupBarrier();
  }
}
