// Attention backward to the queries as in attention.query.plain.wgsl, by tiles of 32 rows of a head × 32 keys
// (lib/attentionTile.wgsl).

const SCORE = 0u; // q · k
const SLOPE = 1u; // dO · v
const KEY = 2u;

fn row_at(tile: Tile, r: u32) -> u32 { return (min(tile.row + r, params.N - 1u) * params.H + tile.h) * quads(); }

fn row_quad(operands: u32, at: u32) -> vec4f {
  if (operands == SCORE) { return q[at] * params.scale; }
  return dO[at];
}

fn column_at(tile: Tile, c: u32) -> u32 { return (min(tile.column + c, params.N - 1u) * params.K + tile.kv) * quads(); }

fn column_quad(operands: u32, at: u32) -> vec4f {
  if (operands == SLOPE) { return v[at]; }
  return k[at];
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * TILE;
  let end = min(first + TILE, params.N);
  let across = lane % ACROSS;
  let rows = first + lane / ACROSS * 4u + vec4u(0, 1, 2, 3);
  let n = min(rows, vec4u(params.N - 1u)); // rows past the end repeat the last one and are not stored
  let begin = vec4u(start[n.x], start[n.y], start[n.z], start[n.w]);
  let at = n * params.H + group.y;
  let log_total = vec4f(lse[at.x], lse[at.y], lse[at.z], lse[at.w]);
  let mean = vec4f(delta[at.x], delta[at.y], delta[at.z], delta[at.w]);
  let kv = group.y / (params.H / params.K);

  var sums: Sums;
  for (var j0 = start[first]; j0 < end; j0 += TILE) {
    let tile = Tile(first, j0, min(TILE, end - j0), group.y, kv);
    let s = products(lane, tile, SCORE);
    let dp = products(lane, tile, SLOPE);
    let j = vec4u(j0 + across);
    // The clamp keeps unseen keys finite.
    let near = exp(min(s.near - log_total, vec4f())) * (dp.near - mean);
    let far = exp(min(s.far - log_total, vec4f())) * (dp.far - mean);
    share_weights(
      lane,
      select(vec4f(), near, (j >= begin) & (j <= n)),
      select(vec4f(), far, (j + ACROSS >= begin) & (j + ACROSS <= n)),
    );
    add_weighted(lane, tile, KEY, vec4f(1.0), &sums);
  }

  for (var r = 0u; r < 4u; r++) {
    let at = (rows[r] * params.H + group.y) * quads();
    for (var s = 0u; s < STEPS; s++) {
      let i = across + s * ACROSS;
      if (i < quads() && rows[r] < params.N) { dq[at + i] = sums[s][r] * params.scale; }
    }
  }
}
