// Forward product: y (+)= alpha · x · W. A workgroup of 16 × 16 threads stages DEPTH channels of x and W at a time in
// workgroup memory; each thread holds ROWS rows × 4 · QUADS columns. Every element is one sum in the order of k: the
// same bits for any rows.

const SIDE = 16u;
const TILE_ROWS = SIDE * ROWS;
const TILE_QUADS = SIDE * QUADS;
const X_STRIDE = TILE_ROWS + 1u; // off the bank grid

var<workgroup> x_tile: array<f32, DEPTH * X_STRIDE>;     // (DEPTH, TILE_ROWS)
var<workgroup> w_tile: array<vec4f, DEPTH * TILE_QUADS>; // (DEPTH, TILE_QUADS)

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * TILE_ROWS;
  let quad = group.x * TILE_QUADS;
  let across = lane % SIDE;
  let down = lane / SIDE;

  var sum: array<array<vec4f, QUADS>, ROWS>;
  for (var first = 0u; first < params.K; first += DEPTH) {
    for (var i = lane; i < DEPTH * TILE_ROWS; i += LANES) {
      let k = i % DEPTH;
      let m = i / DEPTH;
      let inside = row + m < params.M && first + k < params.K;
      x_tile[k * X_STRIDE + m] = select(0.0, x[(row + m) * params.K + first + k], inside);
    }
    for (var i = lane; i < DEPTH / P * TILE_QUADS; i += LANES) {
      let q = i % TILE_QUADS;
      let word = i / TILE_QUADS;
      let inside = quad + q < params.quads && first + word * P < params.K;
      var values = weight_values(first / P + word, quad + q);
      for (var p = 0u; p < P; p++) { w_tile[(word * P + p) * TILE_QUADS + q] = select(vec4f(), values[p], inside); }
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      var w: array<vec4f, QUADS>;
      for (var q = 0u; q < QUADS; q++) { w[q] = w_tile[k * TILE_QUADS + across + SIDE * q]; }
      for (var m = 0u; m < ROWS; m++) {
        let value = x_tile[k * X_STRIDE + down + SIDE * m];
        for (var q = 0u; q < QUADS; q++) { sum[m][q] += value * w[q]; }
      }
    }
    workgroupBarrier();
  }

  for (var m = 0u; m < ROWS; m++) {
    if (row + down + SIDE * m >= params.M) { break; }
    for (var q = 0u; q < QUADS; q++) { store(row + down + SIDE * m, 4u * (quad + across + SIDE * q), sum[m][q]); }
  }
}
