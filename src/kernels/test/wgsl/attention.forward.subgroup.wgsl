// attention.forward.subgroup, from lib/attention.forward.wgsl, attention/attention.forward.subgroup.wgsl
// pipeline: enable subgroups; const QUADS = 16u; const PEERS = 4u; override WORKGROUP = 16;
// pipeline: enable subgroups; const QUADS = 16u; const PEERS = 8u; override WORKGROUP = 16;
// pipeline: enable subgroups; const QUADS = 24u; const PEERS = 4u; override WORKGROUP = 16;
// pipeline: enable subgroups; const QUADS = 24u; const PEERS = 8u; override WORKGROUP = 16;
// pipeline: enable subgroups; const QUADS = 32u; const PEERS = 4u; override WORKGROUP = 16;
// pipeline: enable subgroups; const QUADS = 32u; const PEERS = 8u; override WORKGROUP = 16;

// What all variants of attention forward share: sizes and operands.

struct Params {
  N: u32,     // rows in use
  H: u32,     // query heads
  K: u32,     // key/value heads
  scale: f32, // 1 / √D
  quads: u32, // D / 4; loops that end here are not unrolled, which Lavapipe would compile for minutes
}

@group(0) @binding(0) var<storage, read> q: array<vec4f>;       // (N, H, D)
@group(0) @binding(1) var<storage, read> k: array<vec4f>;       // (N, K, D)
@group(0) @binding(2) var<storage, read> v: array<vec4f>;       // (N, K, D)
@group(0) @binding(3) var<storage, read> start: array<u32>;     // (N)
@group(0) @binding(4) var<storage, read_write> o: array<vec4f>; // (N, H, D)
@group(0) @binding(5) var<storage, read_write> lse: array<f32>; // (N, H)
@group(1) @binding(0) var<uniform> params: Params;

// Attention forward, causal, grouped queries, packed sequences: row n attends to rows j = start[n] … n,
//   s_j = q · k_j / √D,   lse = log Σ_j e^{s_j},   o = Σ_j e^{s_j − lse} v_j
// One thread per (row, head), softmax online. A workgroup holds consecutive rows of one head and walks the keys in
// step: PEERS lanes read four elements each of a key and hand it to all. Rows that may not see a key give it weight 0.

override WORKGROUP: u32 = 64u;
const NONE = -1e30; // below every score

// QUADS = D / 4 and PEERS come from kernels/attention.ts.
@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_invocation_id) peer: u32,
) {
  let first = group.x * WORKGROUP;
  let end = min(first + WORKGROUP, params.N);
  let h = group.y;
  let n = min(first + lane, params.N - 1u); // lanes past the end repeat the last row and store nothing
  let begin = start[n];
  let row = (n * params.H + h) * QUADS;
  let head = h / (params.H / params.K);

  var query: array<vec4f, QUADS>;
  var sum: array<vec4f, QUADS>;
  for (var i = 0u; i < params.quads; i++) { query[i] = q[row + i] * params.scale; }
  var largest = NONE;
  var total = 0.0;

  for (var j = start[first]; j < end; j++) {
    let at = (j * params.K + head) * QUADS + peer % PEERS;
    var dots = vec4f();
    for (var i = 0u; i < QUADS; i += PEERS) {
      let mine = k[at + i];
      for (var l = 0u; l < PEERS; l++) { dots += query[i + l] * subgroupShuffle(mine, l); }
    }
    let visible = j >= begin && j <= n;
    let s = select(NONE, dot(dots, vec4f(1.0)), visible);
    let shrink = exp(min(largest - s, 0.0)); // below 1 when this score is the largest so far
    largest = max(largest, s);
    let p = select(0.0, exp(s - largest), visible);
    total = total * shrink + p;
    for (var i = 0u; i < QUADS; i += PEERS) {
      let mine = v[at + i];
      for (var l = 0u; l < PEERS; l++) { sum[i + l] = sum[i + l] * shrink + p * subgroupShuffle(mine, l); }
    }
  }

  if (first + lane >= params.N) { return; }
  for (var i = 0u; i < params.quads; i++) { o[row + i] = sum[i] / total; }
  lse[n * params.H + h] = largest + log(total);
}
