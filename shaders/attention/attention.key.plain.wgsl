// Attention backward to the keys: key row j is seen by rows n = j … end[j] − 1 of its sequence, in every query head of
// its group,
//   dk = Σ_{n, h} p · (dO · v − delta) q / √D,   p = e^{q · k / √D − lse}
// One thread per (key row, key/value head) sums over the rows and heads itself: no atomics. A workgroup walks the rows
// in step.

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
  var value: array<vec4f, QUADS>;
  var sum: array<vec4f, QUADS>;
  for (var i = 0u; i < QUADS; i++) {
    key[i] = k[row + i] * params.scale;
    value[i] = v[row + i];
  }
  for (var n = first; n < lastStop; n++) {
    for (var h = group.y * heads; h < (group.y + 1u) * heads; h++) {
      let query = (n * params.H + h) * QUADS;
      var s = vec4f();
      var dp = vec4f();
      for (var i = 0u; i < QUADS; i++) {
        s += key[i] * q[query + i];
        dp += value[i] * dO[query + i];
      }
      let visible = n >= j && n < stop;
      let p = select(0.0, exp(min(s.x + s.y + s.z + s.w - lse[n * params.H + h], 0.0)), visible);
      let ds = p * (dp.x + dp.y + dp.z + dp.w - delta[n * params.H + h]);
      for (var i = 0u; i < QUADS; i++) { sum[i] += ds * q[query + i]; }
    }
  }

  if (first + lane >= params.N) { return; }
  for (var i = 0u; i < QUADS; i++) { dk[row + i] = sum[i] * params.scale; }
}
