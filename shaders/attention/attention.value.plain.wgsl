// Attention backward to the values: dv = Σ_{n, h} p · dO,  p = e^{q · k / √D − lse}, rows and threads as in
// attention.key.wgsl. A kernel of its own since both gradients together would bind nine buffers, one more than some
// adapters allow.

override WORKGROUP: u32 = 64u;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * WORKGROUP;
  let j = min(first + lane, params.N - 1u); // lanes past the end repeat the last row and store nothing
  let stop = end[j];
  let lastStop = min(end[min(first + WORKGROUP, params.N) - 1u], params.N);
  let row = (j * params.K + group.y) * QUADS;
  let heads = params.H / params.K;

  var key: array<vec4f, QUADS>;
  var sum: array<vec4f, QUADS>;
  for (var i = 0u; i < QUADS; i++) { key[i] = k[row + i] * params.scale; }
  for (var n = first; n < lastStop; n++) {
    for (var h = group.y * heads; h < (group.y + 1u) * heads; h++) {
      let query = (n * params.H + h) * QUADS;
      var s = vec4f();
      for (var i = 0u; i < QUADS; i++) { s += key[i] * q[query + i]; }
      let visible = n >= j && n < stop;
      let p = select(0.0, exp(min(s.x + s.y + s.z + s.w - lse[n * params.H + h], 0.0)), visible);
      for (var i = 0u; i < QUADS; i++) { sum[i] += p * dO[query + i]; }
    }
  }

  if (first + lane >= params.N) { return; }
  for (var i = 0u; i < QUADS; i++) { dv[row + i] = sum[i]; }
}
