// Forward product for few rows: y (+)= alpha · x · W, each word of W read once for all rows of a tile. A workgroup holds
// ACROSS vec4 columns of GROUPS · ROWS rows and cuts K among its slices; lanes of one slice that differ in rows alone
// lie side by side, so that one load of W serves them. The slices' sums meet in a fixed order, the same for any number
// of rows: first each of the upper half with one of the lower half, which halves the memory, then all.

const HALF = LANES / (ACROSS * GROUPS) / 2u; // of the slices
const TILE = GROUPS * ROWS;

var<workgroup> partial: array<vec4f, HALF * TILE * ACROSS>; // (HALF, TILE, ACROSS)

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let across = lane % ACROSS;
  let down = lane / ACROSS % GROUPS * ROWS;
  let slice = lane / (ACROSS * GROUPS);
  let quad = group.x * ACROSS + across;
  let first = (group.y * TILE + down) * params.K; // rows past the end read what they like and are not stored

  var sum: array<vec4f, ROWS>;
  if (quad < params.quads) {
    if (params.K % 4u == 0u) {
      for (var step = slice; step * STEP < params.K; step += 2u * HALF) {
        // Of a word with eight values one half after the other: both would not fit into registers.
        let blocks = select(min(STEP, params.K) / 4u, 1u, STEP == 4u);
        for (var b = 0u; b < blocks; b++) {
          let w = weight_block(step, b, quad);
          let at = first / 4u + step * (STEP / 4u) + b;
          for (var m = 0u; m < ROWS; m++) {
            let values = x[at + m * (params.K / 4u)];
            for (var c = 0u; c < 4u; c++) { sum[m] += values[c] * w[c]; }
          }
        }
      }
    } else {
      for (var k = slice; k < params.K; k += 2u * HALF) {
        let w = weight_value(k, quad);
        for (var m = 0u; m < ROWS; m++) {
          let i = first + m * params.K + k;
          sum[m] += x[i / 4u][i % 4u] * w;
        }
      }
    }
  }

  let mine = (slice % HALF * TILE + down) * ACROSS + across;
  if (slice >= HALF) {
    for (var m = 0u; m < ROWS; m++) { partial[mine + m * ACROSS] = sum[m]; }
  }
  workgroupBarrier();
  if (slice < HALF) {
    for (var m = 0u; m < ROWS; m++) { partial[mine + m * ACROSS] += sum[m]; }
  }
  workgroupBarrier();
  for (var i = lane; i < TILE * ACROSS; i += LANES) {
    var total = partial[i];
    for (var s = 1u; s < HALF; s++) { total += partial[s * TILE * ACROSS + i]; }
    let row = group.y * TILE + i / ACROSS;
    if (row < params.M) { store(row, 4u * (group.x * ACROSS + i % ACROSS), total); }
  }
}
