// attention.query.plain, from lib/attention.query.wgsl, attention/attention.query.plain.wgsl
// pipeline: const QUADS = 16u; const PEERS = 1u; override WORKGROUP = 16;
// pipeline: const QUADS = 24u; const PEERS = 1u; override WORKGROUP = 16;
// pipeline: const QUADS = 32u; const PEERS = 1u; override WORKGROUP = 16;

// What all variants of the gradient of the queries share: sizes and operands.

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
@group(0) @binding(6) var<storage, read> start: array<u32>;      // (N)
@group(0) @binding(7) var<storage, read_write> dq: array<vec4f>; // (N, H, D)
@group(1) @binding(0) var<uniform> params: Params;

// Attention backward to the queries, weights recomputed from lse:
//   p_j = e^{s_j − lse},   ds_j = p_j · (dO · v_j − delta),   dq = Σ_j ds_j k_j / √D
// One thread per (row, head); a workgroup walks the keys in step as forward does.

override WORKGROUP: u32 = 64u;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * WORKGROUP;
  let end = min(first + WORKGROUP, params.N);
  let h = group.y;
  let n = min(first + lane, params.N - 1u); // lanes past the end repeat the last row and store nothing
  let begin = start[n];
  let row = (n * params.H + h) * QUADS;
  let head = h / (params.H / params.K);
  let logTotal = lse[n * params.H + h];
  let mean = delta[n * params.H + h];

  var query: array<vec4f, QUADS>;
  var dOut: array<vec4f, QUADS>;
  var sum: array<vec4f, QUADS>;
  for (var i = 0u; i < QUADS; i++) {
    query[i] = q[row + i] * params.scale;
    dOut[i] = dO[row + i];
  }
  for (var j = start[first]; j < end; j++) {
    let key = (j * params.K + head) * QUADS;
    var s = vec4f();
    var dp = vec4f();
    for (var i = 0u; i < QUADS; i++) {
      s += query[i] * k[key + i];
      dp += dOut[i] * v[key + i];
    }
    let visible = j >= begin && j <= n;
    let p = select(0.0, exp(min(s.x + s.y + s.z + s.w - logTotal, 0.0)), visible); // the clamp keeps unseen keys finite
    let ds = p * (dp.x + dp.y + dp.z + dp.w - mean);
    for (var i = 0u; i < QUADS; i++) { sum[i] += ds * k[key + i]; }
  }

  if (first + lane >= params.N) { return; }
  for (var i = 0u; i < QUADS; i++) { dq[row + i] = sum[i] * params.scale; }
}
