// Attention backward to the values as in attention.value.plain.wgsl, by tiles of 32 value rows × 32 query rows of each
// head in turn (lib/attentionTile.wgsl): here the columns are the rows that see the tile.

const SCORE = 0u; // k · q
const GRAD = 1u; // dO

fn row_at(tile: Tile, r: u32) -> u32 { return (min(tile.row + r, params.N - 1u) * params.K + tile.kv) * quads(); }

fn row_quad(operands: u32, at: u32) -> vec4f {
  return k[at] * params.scale;
}

fn column_at(tile: Tile, c: u32) -> u32 { return (min(tile.column + c, params.N - 1u) * params.H + tile.h) * quads(); }

fn column_quad(operands: u32, at: u32) -> vec4f {
  if (operands == GRAD) { return dO[at]; }
  return q[at];
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * TILE;
  let last_stop = min(end[min(first + TILE, params.N) - 1u], params.N);
  let across = lane % ACROSS;
  let rows = first + lane / ACROSS * 4u + vec4u(0, 1, 2, 3);
  let j = min(rows, vec4u(params.N - 1u)); // rows past the end repeat the last one and are not stored
  let stop = vec4u(end[j.x], end[j.y], end[j.z], end[j.w]);
  let heads = params.H / params.K;

  var sums: Sums;
  for (var n0 = first; n0 < last_stop; n0 += TILE) {
    let n = vec4u(n0 + across);
    let near_seen = (n >= j) & (n < stop);
    let far_seen = (n + ACROSS >= j) & (n + ACROSS < stop);
    for (var h = group.y * heads; h < (group.y + 1u) * heads; h++) {
      let tile = Tile(first, n0, min(TILE, last_stop - n0), h, group.y);
      let s = products(lane, tile, SCORE);
      let near_at = min(n.x, params.N - 1u) * params.H + h;
      let far_at = min(n.x + ACROSS, params.N - 1u) * params.H + h;
      // The clamp keeps unseen rows finite.
      let near = exp(min(s.near - lse[near_at], vec4f()));
      let far = exp(min(s.far - lse[far_at], vec4f()));
      share_weights(lane, select(vec4f(), near, near_seen), select(vec4f(), far, far_seen));
      add_weighted(lane, tile, GRAD, vec4f(1.0), &sums);
    }
  }

  for (var r = 0u; r < 4u; r++) {
    let at = (rows[r] * params.K + group.y) * quads();
    for (var s = 0u; s < STEPS; s++) {
      let i = across + s * ACROSS;
      if (i < quads() && rows[r] < params.N) { dv[at + i] = sums[s][r]; }
    }
  }
}
