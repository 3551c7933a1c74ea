// Decoding product of gate and up, its two sections, and y = silu(gate) · up. One workgroup per (tile, rows).

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * ROWS;
  let quad = group.x * ACROSS + lane % ACROSS;
  var at: array<u32, ROWS>; // rows past the end repeat the last one and are not stored
  for (var m = 0u; m < ROWS; m++) { at[m] = min(row + m, params.M - 1u) * (params.K / 4u); }

  measure(lane, at);
  var value: array<vec4f, 2>;
  for (var section = 0u; section < 2u; section++) {
    adapt(lane, section, at);
    var sum: array<vec4f, ROWS>;
    if (quad < params.quads_0) { sum = sums(section, at, quad, lane / ACROSS); }
    gather(lane, ACROSS, 0u, sum);
    if (lane < OUTPUTS && quad < params.quads_0) { value[section] = finished(lane, section, quad); }
    workgroupBarrier(); // the next section overwrites the sums
  }

  let m = row + lane / ACROSS;
  if (lane >= OUTPUTS || m >= params.M || quad >= params.quads_0) { return; }
  y[m * params.width + quad] = value[0] * sigmoid(value[0]) * value[1];
}
