// One filter of a row, top-k or top-p: narrows its cut to the fewest tokens, in order, whose measure reaches a goal,
// which is k tokens, or the share p of the mass that the cut left so far. The threshold is exact: bisection over the
// bits of the float, nine-fold. One workgroup per row.

struct Params {
  B: u32,                   // rows in use
  V: u32,                   // vocabulary
  inverse_temperature: f32,
  penalty: f32,
  inverse_penalty: f32,
  measured: u32,            // COUNT or MASS
  goal: f32,                // k or p
  first: u32,               // 1: nothing is cut yet
}

@group(0) @binding(0) var<storage, read> logits: array<f32>;       // (B, V)
@group(0) @binding(1) var<storage, read> rowSlot: array<u32>;      // (N)
@group(0) @binding(2) var<storage, read_write> seen: array<u32>;   // (S, ceil(V / 32))
@group(0) @binding(3) var<storage, read_write> cut: array<u32>;    // (B, 2) key, index
@group(1) @binding(0) var<uniform> params: Params;

struct Levels { total: f32, low: vec4f, high: vec4f }
var<workgroup> level_scratch: array<Levels, WORKGROUP>;
var<workgroup> span: u32;

fn add(a: Levels, b: Levels) -> Levels { return Levels(a.total + b.total, a.low + b.low, a.high + b.high); }

// The measure of the kept tokens whose key is at least `base`, and of those at least each of eight edges.
fn measure_from(lane: u32, row: u32, base: u32, low_edges: vec4u, high_edges: vec4u) -> Levels {
  var sum = Levels();
  for (var start = lane; start < params.V; start += RUN * WORKGROUP) {
    var run = Levels();
    for (var v = start; v < min(params.V, start + RUN * WORKGROUP); v += WORKGROUP) {
      let x = scaled_logit(row, v);
      let key = order_key(x);
      if (key < base) { continue; }
      let weight = vec4f(measure(x, v, params.measured));
      run.total += weight.x;
      run.low += select(vec4f(), weight, vec4u(key) >= low_edges);
      run.high += select(vec4f(), weight, vec4u(key) >= high_edges);
    }
    sum = add(sum, run);
  }
  level_scratch[lane] = sum;
  workgroupBarrier();
  for (var stride = WORKGROUP / 2u; stride > 0u; stride /= 2u) {
    if (lane < stride) { level_scratch[lane] = add(level_scratch[lane], level_scratch[lane + stride]); }
    workgroupBarrier();
  }
  return level_scratch[0];
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = grid_index(group);
  if (row >= params.B) { return; } // uniform over the workgroup
  seen_start = rowSlot[row] * ((params.V + 31u) / 32u);
  if (params.first == 0u) {
    cut_key = cut[2u * row];
    cut_index = cut[2u * row + 1u];
  }
  var highest = -3.4028234e38;
  for (var v = lane; v < params.V; v += WORKGROUP) { highest = max(highest, scaled_logit(row, v)); }
  top = workgroup_max(lane, highest);

  // The threshold is in low … high − 1: from `low` up the goal is reached; from `high` up `above` is measured, which is
  // less.
  var low = 0u;
  var high = order_key(top) + 1u;
  var above = 0.0;
  var goal = params.goal;
  for (var round = 0u; round < 16u; round++) { // the span shrinks nine-fold or ends
    var edge: array<u32, 8>;
    let step = (high - low + 8u) / 9u;
    for (var j = 0u; j < 8u; j++) { edge[j] = min(high, low + (j + 1u) * step); }
    if (round == 0u) { // most thresholds lie near the top: after this, few tokens are looked at closely
      let below = array(20.0, 12.0, 8.0, 6.0, 4.0, 3.0, 2.0, 1.0);
      for (var j = 0u; j < 8u; j++) { edge[j] = order_key(top - below[j]); }
    }
    let low_edges = vec4u(edge[0], edge[1], edge[2], edge[3]);
    let high_edges = vec4u(edge[4], edge[5], edge[6], edge[7]);
    let levels = measure_from(lane, row, select(edge[0], 0u, round == 0u), low_edges, high_edges);
    if (round == 0u && params.measured == MASS) { goal *= levels.total; }
    let level = array(levels.low.x, levels.low.y, levels.low.z, levels.low.w, levels.high.x, levels.high.y, levels.high.z, levels.high.w);
    for (var j = 0u; j < 8u; j++) {
      if (level[j] >= goal) {
        low = edge[j];
      } else {
        high = edge[j];
        above = level[j];
        break;
      }
    }
    span = high - low;
    if (workgroupUniformLoad(&span) <= 1u) { break; }
  }

  tie_key = low;
  let each = select(1.0, exp(from_order_key(low) - top), params.measured == MASS);
  let last = locate(lane, row, params.V, TIES, max(1.0, ceil((goal - above) / each)) - 0.5);
  if (lane == 0u) {
    cut[2u * row] = low;
    cut[2u * row + 1u] = last;
  }
}
