// attention.key.subgroup, from lib/attention.key.wgsl, attention/attention.key.subgroup.wgsl
// pipeline: enable subgroups; const QUADS = 16u; const PEERS = 4u; override WORKGROUP = 16;
// pipeline: enable subgroups; const QUADS = 16u; const PEERS = 8u; override WORKGROUP = 16;
// pipeline: enable subgroups; const QUADS = 24u; const PEERS = 4u; override WORKGROUP = 16;
// pipeline: enable subgroups; const QUADS = 24u; const PEERS = 8u; override WORKGROUP = 16;
// pipeline: enable subgroups; const QUADS = 32u; const PEERS = 4u; override WORKGROUP = 16;
// pipeline: enable subgroups; const QUADS = 32u; const PEERS = 8u; override WORKGROUP = 16;

// What all variants of the gradient of the keys share: sizes and operands.

struct Params {
  N: u32,     // rows in use
  H: u32,     // query heads
  K: u32,     // key/value heads
  scale: f32, // 1 / √D
  quads: u32, // D / 4; loops that end here are not unrolled, which Lavapipe would compile for minutes
}

@group(0) @binding(0) var<storage, read> dO: array<vec4f>;       // (N, H, D)
@group(0) @binding(1) var<storage, read> q: array<vec4f>;        // (N, H, D)
@group(0) @binding(2) var<storage, read> k: array<vec4f>;        // (N, K, D)
@group(0) @binding(3) var<storage, read> v: array<vec4f>;        // (N, K, D)
@group(0) @binding(4) var<storage, read> lse: array<f32>;        // (N, H)
@group(0) @binding(5) var<storage, read> delta: array<f32>;      // (N, H)
@group(0) @binding(6) var<storage, read> end: array<u32>;        // (N) one past the last row of the sequence
@group(0) @binding(7) var<storage, read_write> dk: array<vec4f>; // (N, K, D)
@group(1) @binding(0) var<uniform> params: Params;

// Attention backward to the keys: key row j is seen by rows n = j … end[j] − 1 of its sequence, in every query head of
// its group,
//   dk = Σ_{n, h} p · (dO · v − delta) q / √D,   p = e^{q · k / √D − lse}
// One thread per (key row, key/value head) sums over the rows and heads itself: no atomics. A workgroup walks the rows
// in step, PEERS lanes reading four elements each for all.

override WORKGROUP: u32 = 64u;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_invocation_id) peer: u32,
) {
  let first = group.x * WORKGROUP;
  let j = min(first + lane, params.N - 1u); // lanes past the end repeat the last row and store nothing
  let stop = end[j];
  let lastStop = min(end[min(first + WORKGROUP, params.N) - 1u], params.N);
  let row = (j * params.K + group.y) * QUADS;
  let heads = params.H / params.K;

  var key: array<vec4f, QUADS>;
  var value: array<vec4f, QUADS>;
  var sum: array<vec4f, QUADS>;
  for (var i = 0u; i < params.quads; i++) {
    key[i] = k[row + i] * params.scale;
    value[i] = v[row + i];
  }
  for (var n = first; n < lastStop; n++) {
    let visible = n >= j && n < stop;
    for (var h = group.y * heads; h < (group.y + 1u) * heads; h++) {
      let at = (n * params.H + h) * QUADS + peer % PEERS;
      var s = vec4f();
      var dp = vec4f();
      for (var i = 0u; i < QUADS; i += PEERS) {
        let query = q[at + i];
        let dOut = dO[at + i];
        for (var l = 0u; l < PEERS; l++) {
          s += key[i + l] * subgroupShuffle(query, l);
          dp += value[i + l] * subgroupShuffle(dOut, l);
        }
      }
      let score = dot(s, vec4f(1.0)) - lse[n * params.H + h];
      let slope = dot(dp, vec4f(1.0)) - delta[n * params.H + h];
      let ds = select(0.0, exp(min(score, 0.0)) * slope, visible); // the clamp keeps unseen rows finite
      for (var i = 0u; i < QUADS; i += PEERS) {
        let query = q[at + i];
        for (var l = 0u; l < PEERS; l++) { sum[i + l] += ds * subgroupShuffle(query, l); }
      }
    }
  }

  if (first + lane >= params.N) { return; }
  for (var i = 0u; i < params.quads; i++) { dk[row + i] = sum[i] * params.scale; }
}
