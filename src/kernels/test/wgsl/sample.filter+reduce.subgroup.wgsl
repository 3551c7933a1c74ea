// sample.filter, from lib/reduce.subgroup.wgsl, lib/grid.wgsl, lib/rowSoftmax.wgsl, lib/scaledLogit.wgsl, lib/select.wgsl, sample.filter.wgsl
// pipeline: enable subgroups; override WORKGROUP = 8;

// The reductions of lib/reduce.wgsl for a workgroup that is one subgroup: no memory, no barriers. Needs `enable
// subgroups`.

override WORKGROUP: u32 = 8u; // at most the adapter's smallest subgroup

fn workgroup_sum(lane: u32, value: f32) -> f32 { return subgroupAdd(value); }

fn workgroup_max(lane: u32, value: f32) -> f32 { return subgroupMax(value); }

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// Statistics of the softmax of a row of V logits. The shader that includes this defines scaled_logit(row, v).
// Everything that reports a log-probability goes through here, so that sampling and training sum in the same order.

struct RowSoftmax {
  highest: f32, // largest logit
  lse: f32,     // log Σ exp(logit)
  entropy: f32, // lse − Σ p · logit, in nats
}

// Sums run over 64 terms before they join the total: a long tail of tiny terms must not vanish beside a large one.
const RUN = 64u;

// Call from uniform control flow.
fn row_softmax(lane: u32, row: u32, V: u32) -> RowSoftmax {
  var highest = -3.4028234e38;
  for (var v = lane; v < V; v += WORKGROUP) { highest = max(highest, scaled_logit(row, v)); }
  highest = workgroup_max(lane, highest);

  var mass = 0.0;
  var moment = 0.0; // Σ exp(x) · x, with x = logit − highest
  for (var start = lane; start < V; start += RUN * WORKGROUP) {
    var run_mass = 0.0;
    var run_moment = 0.0;
    let end = min(V, start + RUN * WORKGROUP);
    for (var v = start; v < end; v += WORKGROUP) {
      let x = scaled_logit(row, v) - highest;
      let weight = exp(x);
      run_mass += weight;
      run_moment += weight * x;
    }
    mass += run_mass;
    moment += run_moment;
  }
  mass = workgroup_sum(lane, mass);
  moment = workgroup_sum(lane, moment);
  return RowSoftmax(highest, highest + log(mass), log(mass) - moment / mass);
}

// A logit after repetition penalty, where `penalised` is true, and temperature. The shader that includes this binds
// logits and seen, and sets seen_start to the first word of the row's bitset.

var<private> seen_start: u32;
var<private> penalised: bool = true;

fn scaled_logit(row: u32, v: u32) -> f32 {
  var logit = logits[row * params.V + v];
  if (penalised && params.penalty != 1.0 && ((seen[seen_start + v / 32u] >> (v % 32u)) & 1u) == 1u) {
    logit *= select(params.penalty, params.inverse_penalty, logit > 0.0);
  }
  return logit * params.inverse_temperature;
}

// The kept part of a row of V logits, without sorting it: an upper set of the order (logit down, index up), so
// everything above `cut_key`, and of the logits equal to it those up to index `cut_index`. The shader that includes
// this defines scaled_logit(row, v).

const COUNT = 0u; // 1 for each kept token
const MASS = 1u;  // exp(logit − top) for each kept token
const TIES = 2u;  // 1 for each kept token whose logit is `tie_key`

var<private> top: f32; // the row's largest logit
var<private> cut_key: u32 = 0u;
var<private> cut_index: u32 = 0xffffffffu;
var<private> floor_logit: f32 = -3.4028234e38; // min-p
var<private> tie_key: u32;
var<workgroup> part_measure: array<f32, WORKGROUP>;
var<workgroup> chosen: u32;
var<workgroup> rest: f32;

// Orders as the float does.
fn order_key(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}

fn from_order_key(key: u32) -> f32 { return bitcast<f32>(select(~key, key & 0x7fffffffu, key >= 0x80000000u)); }

fn is_kept(x: f32, v: u32) -> bool {
  let key = order_key(x);
  return (key > cut_key || (key == cut_key && v <= cut_index)) && x >= floor_logit;
}

fn measure(x: f32, v: u32, what: u32) -> f32 {
  if (!is_kept(x, v)) { return 0.0; }
  if (what == MASS) { return exp(x - top); }
  return select(0.0, 1.0, what == COUNT || order_key(x) == tie_key);
}

// The kept token in index order at which the running measure first exceeds `goal`, or for MASS `goal` of the whole; the
// last that measures anything when none does. Each round cuts the row among the lanes, and goes on in the part where it
// happens. Call from uniform control flow.
fn locate(lane: u32, row: u32, V: u32, what: u32, goal: f32) -> u32 {
  var begin = 0u;
  var end = V;
  var size = V; // depends on V alone, so that the loop is uniform
  rest = goal;
  while (size > 1u) {
    let whole = size == V;
    size = (size + WORKGROUP - 1u) / WORKGROUP;
    let first = begin + lane * size;
    var mine = 0.0;
    for (var v = first; v < min(first + size, end); v++) { mine += measure(scaled_logit(row, v), v, what); }
    part_measure[lane] = mine;
    workgroupBarrier();
    if (lane == 0u) {
      if (whole && what == MASS) {
        var total = 0.0;
        for (var part = 0u; part < WORKGROUP; part++) { total += part_measure[part]; }
        rest *= total;
      }
      var before = 0.0; // up to and with the chosen part
      chosen = 0u;
      for (var part = 0u; part < WORKGROUP && !(before > rest); part++) {
        if (part_measure[part] > 0.0) {
          chosen = part;
          before += part_measure[part];
        }
      }
      rest -= before - part_measure[chosen];
    }
    workgroupBarrier();
    begin += chosen * size;
    end = min(end, begin + size);
    workgroupBarrier();
  }
  return begin;
}

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
