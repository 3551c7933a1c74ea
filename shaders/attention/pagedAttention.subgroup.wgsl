// Attention over the paged cache as in pagedAttention.workgroup.wgsl, for adapters with cheap shuffles and dear
// barriers. PEERS lanes of one subgroup per (row, HEADS query heads that share a key/value head), PEERS keys at a time:
// each lane scores a key; then the lanes lie along the value. A lane holds one in PEERS quads of the queries and of the
// sums.

struct Params {
  N: u32,     // rows in use
  H: u32,     // query heads
  K: u32,     // key/value heads
  M: u32,     // blocks of a slot in the table
  scale: f32, // 1 / √D
  window: u32, // positions that a row attends to, itself included
  peers: u32, // PEERS again: a bound known only at run time keeps loops rolled, else Lavapipe compiles for seconds
}

@group(0) @binding(0) var<storage, read> q: array<vec4f>;          // (N, H, D)
@group(0) @binding(1) var<storage, read> rowSlot: array<u32>;      // (N)
@group(0) @binding(2) var<storage, read> rowPosition: array<u32>;  // (N)
@group(0) @binding(3) var<storage, read> blockTable: array<u32>;   // (S, M)
@group(0) @binding(4) var<storage, read> keyCache: array<vec4f>;   // (blocks, 16, K, D)
@group(0) @binding(5) var<storage, read> valueCache: array<vec4f>; // (blocks, 16, K, D)
@group(0) @binding(6) var<storage, read_write> o: array<vec4f>;    // (N, H, D)
@group(1) @binding(0) var<uniform> params: Params;

const NONE = -1e30; // below every score
// PEERS and QUADS = D / 4 come from kernels/pagedAttention.ts.
const STEPS = (QUADS + PEERS - 1u) / PEERS;

@compute @workgroup_size(PEERS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  let index = grid_index(group);
  let groups = params.H / HEADS;
  let n = index / groups;
  if (n >= params.N) { return; } // uniform over the workgroup
  let first = (n * params.H + index % groups * HEADS) * QUADS;
  let head = index % groups * HEADS / (params.H / params.K);
  let slot = rowSlot[n];
  let count = rowPosition[n] + 1u;
  let begin = count - min(count, params.window);

  var query: array<array<vec4f, STEPS>, HEADS>;
  var sum: array<array<vec4f, STEPS>, HEADS>;
  var largest: array<f32, HEADS>;
  var total: array<f32, HEADS>; // of this lane's keys
  for (var g = 0u; g < HEADS; g++) {
    largest[g] = NONE;
    for (var t = 0u; t < STEPS; t++) { // zero where the last step has no quad left
      let i = t * PEERS + lane;
      query[g][t] = select(vec4f(), q[first + g * QUADS + min(i, QUADS - 1u)] * params.scale, i < QUADS);
    }
  }

  for (var j0 = begin; j0 < count; j0 += PEERS) {
    let row = (cache_row(slot, min(j0 + lane, count - 1u)) * params.K + head) * QUADS;
    var s = array<f32, HEADS>();
    for (var t = 0u; t < STEPS; t++) {
      for (var l = 0u; l < params.peers; l++) {
        let key = keyCache[row + min(t * PEERS + l, QUADS - 1u)];
        for (var g = 0u; g < HEADS; g++) { s[g] += dot(subgroupShuffle(query[g][t], l), key); }
      }
    }
    for (var g = 0u; g < HEADS; g++) {
      let score = select(NONE, s[g], j0 + lane < count);
      let next = max(largest[g], subgroupMax(score));
      let shrink = exp(largest[g] - next);
      largest[g] = next;
      s[g] = select(0.0, exp(score - next), j0 + lane < count); // from here on the weights
      total[g] = total[g] * shrink + s[g];
      for (var t = 0u; t < STEPS; t++) { sum[g][t] *= shrink; }
    }
    for (var l = 0u; l < params.peers; l++) {
      let at = subgroupShuffle(row, l);
      for (var t = 0u; t < STEPS; t++) {
        let value = valueCache[at + min(t * PEERS + lane, QUADS - 1u)];
        for (var g = 0u; g < HEADS; g++) { sum[g][t] += subgroupShuffle(s[g], l) * value; }
      }
    }
  }

  for (var g = 0u; g < HEADS; g++) {
    let all = subgroupAdd(total[g]);
    for (var t = 0u; t < STEPS; t++) {
      if (t * PEERS + lane < QUADS) { o[first + g * QUADS + t * PEERS + lane] = sum[g][t] / all; }
    }
  }
}
