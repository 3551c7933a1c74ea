// Gradient of the weight: dW += alpha · xᵀ · dy. A workgroup of 16 × 16 threads stages DEPTH rows of x and dy at a time
// in workgroup memory; each thread holds ROWS channels × 4 · QUADS columns. Every element is one sum in the order of m.

const SIDE = 16u;
const TILE_K = SIDE * ROWS;
const TILE_QUADS = SIDE * QUADS;

var<workgroup> x_tile: array<f32, DEPTH * TILE_K>;        // (DEPTH, TILE_K)
var<workgroup> dy_tile: array<vec4f, DEPTH * TILE_QUADS>; // (DEPTH, TILE_QUADS)

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let channel = group.y * TILE_K;
  let quad = group.x * TILE_QUADS;
  let across = lane % SIDE;
  let down = lane / SIDE;

  var sum: array<array<vec4f, QUADS>, ROWS>;
  for (var first = 0u; first < params.M; first += DEPTH) {
    for (var i = lane; i < DEPTH * TILE_K; i += LANES) {
      let k = channel + i % TILE_K;
      let m = first + i / TILE_K;
      x_tile[i] = select(0.0, x[m * params.K + k], m < params.M && k < params.K);
    }
    for (var i = lane; i < DEPTH * TILE_QUADS; i += LANES) {
      let column = vec4u(4u * (quad + i % TILE_QUADS)) + vec4u(0u, 1u, 2u, 3u);
      let m = first + i / TILE_QUADS;
      let at = vec4u(m * params.N + params.start) + column;
      let inside = column < select(vec4u(), vec4u(params.count), m < params.M);
      dy_tile[i] = select(vec4f(), vec4f(dy[at.x], dy[at.y], dy[at.z], dy[at.w]), inside);
    }
    workgroupBarrier();
    for (var m = 0u; m < DEPTH; m++) {
      var d: array<vec4f, QUADS>;
      for (var q = 0u; q < QUADS; q++) { d[q] = dy_tile[m * TILE_QUADS + across + SIDE * q]; }
      for (var i = 0u; i < ROWS; i++) {
        let value = x_tile[m * TILE_K + down + SIDE * i];
        for (var q = 0u; q < QUADS; q++) { sum[i][q] += value * d[q]; }
      }
    }
    workgroupBarrier();
  }

  for (var i = 0u; i < ROWS; i++) {
    if (channel + down + SIDE * i >= params.K) { break; }
    for (var q = 0u; q < QUADS; q++) { add(channel + down + SIDE * i, quad + across + SIDE * q, sum[i][q]); }
  }
}
