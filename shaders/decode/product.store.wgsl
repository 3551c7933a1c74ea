// Decoding product whose sections lie side by side in y. One workgroup per (tile, rows, section).

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let section = group.z;
  let row = group.y * ROWS;
  let first = group.x * ACROSS;
  let quads = quads_of(section);
  if (first >= quads) { return; } // uniform over the workgroup
  var at: array<u32, ROWS>; // rows past the end repeat the last one and are not stored
  for (var m = 0u; m < ROWS; m++) { at[m] = min(row + m, params.M - 1u) * (params.K / 4u); }

  measure(lane, at);
  adapt(lane, section, at);
  var sum: array<vec4f, ROWS>;
  if (first + lane % ACROSS < quads) { sum = sums(section, at, first + lane % ACROSS, lane / ACROSS); }
  gather(lane, ACROSS, 0u, sum);

  let quad = first + lane % ACROSS;
  let m = row + lane / ACROSS;
  if (lane >= OUTPUTS || m >= params.M || quad >= quads) { return; }
  let to = m * params.width + start_of(section) + quad;
  y[to] = select(vec4f(), y[to], params.accumulate == 1u) + finished(lane, section, quad);
}
