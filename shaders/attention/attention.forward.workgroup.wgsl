// Attention forward as in attention.forward.plain.wgsl, by tiles of 32 rows of a head × 32 keys
// (lib/attentionTile.wgsl).

const SCORE = 0u; // q · k
const VALUE = 1u;
const NONE = -1e30; // below every score

var<workgroup> parts: array<vec4f, LANES>; // (ALOFT, ACROSS)

fn row_at(tile: Tile, r: u32) -> u32 { return (min(tile.row + r, params.N - 1u) * params.H + tile.h) * quads(); }

fn row_quad(operands: u32, at: u32) -> vec4f {
  return q[at] * params.scale;
}

fn column_at(tile: Tile, c: u32) -> u32 { return (min(tile.column + c, params.N - 1u) * params.K + tile.kv) * quads(); }

fn column_quad(operands: u32, at: u32) -> vec4f {
  if (operands == SCORE) { return k[at]; }
  return v[at];
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * TILE;
  let end = min(first + TILE, params.N);
  let across = lane % ACROSS;
  let rows = first + lane / ACROSS * 4u + vec4u(0, 1, 2, 3);
  let n = min(rows, vec4u(params.N - 1u)); // rows past the end repeat the last one and are not stored
  let begin = vec4u(start[n.x], start[n.y], start[n.z], start[n.w]);
  let kv = group.y / (params.H / params.K);

  var sums: Sums;
  var largest = vec4f(NONE);
  var total = vec4f(); // of this thread's columns
  for (var j0 = start[first]; j0 < end; j0 += TILE) {
    let tile = Tile(first, j0, min(TILE, end - j0), group.y, kv);
    let s = products(lane, tile, SCORE);
    let j = vec4u(j0 + across);
    let near_seen = (j >= begin) & (j <= n);
    let far_seen = (j + ACROSS >= begin) & (j + ACROSS <= n);
    let near = select(vec4f(NONE), s.near, near_seen);
    let far = select(vec4f(NONE), s.far, far_seen);

    parts[lane] = max(near, far);
    workgroupBarrier();
    let before = largest;
    for (var i = 0u; i < ACROSS; i++) { largest = max(largest, parts[lane - across + i]); }
    let shrink = exp(before - largest);
    let near_weight = select(vec4f(), exp(near - largest), near_seen);
    let far_weight = select(vec4f(), exp(far - largest), far_seen);
    share_weights(lane, near_weight, far_weight);
    total = total * shrink + near_weight + far_weight;
    add_weighted(lane, tile, VALUE, shrink, &sums);
  }

  parts[lane] = total;
  workgroupBarrier();
  total = vec4f();
  for (var i = 0u; i < ACROSS; i++) { total += parts[lane - across + i]; }
  for (var r = 0u; r < 4u; r++) {
    let at = rows[r] * params.H + group.y;
    if (across == 0u && rows[r] < params.N) { lse[at] = largest[r] + log(total[r]); }
    for (var s = 0u; s < STEPS; s++) {
      let i = across + s * ACROSS;
      if (i < quads() && rows[r] < params.N) { o[at * quads() + i] = sums[s][r] / total[r]; }
    }
  }
}
