// sample, from lib/reduce.wgsl, lib/grid.wgsl, lib/random.wgsl, lib/rowSoftmax.wgsl, lib/scaledLogit.wgsl, lib/select.wgsl, sample.wgsl
// pipeline: override WORKGROUP = 256;
// pipeline: override WORKGROUP = 8;

// Workgroup reductions. They contain barriers: call them from uniform control flow only.

override WORKGROUP: u32 = 64u; // power of two
var<workgroup> reduce_scratch: array<f32, WORKGROUP>;

// Sum of `value` over the workgroup, returned to every lane. The order is fixed: same input, same bits.
fn workgroup_sum(lane: u32, value: f32) -> f32 {
  reduce_scratch[lane] = value;
  workgroupBarrier();
  for (var stride = WORKGROUP / 2u; stride > 0u; stride /= 2u) {
    if (lane < stride) { reduce_scratch[lane] += reduce_scratch[lane + stride]; }
    workgroupBarrier();
  }
  let total = reduce_scratch[0];
  workgroupBarrier(); // the next caller may overwrite the scratch
  return total;
}

// Largest `value` over the workgroup, returned to every lane.
fn workgroup_max(lane: u32, value: f32) -> f32 {
  reduce_scratch[lane] = value;
  workgroupBarrier();
  for (var stride = WORKGROUP / 2u; stride > 0u; stride /= 2u) {
    if (lane < stride) { reduce_scratch[lane] = max(reduce_scratch[lane], reduce_scratch[lane + stride]); }
    workgroupBarrier();
  }
  let largest = reduce_scratch[0];
  workgroupBarrier();
  return largest;
}

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// Philox4x32-10, bit for bit as src/random.ts: four u32 at a counter of the sequence of a key.

fn high_word(x: u32, y: u32) -> u32 {
  let xl = x & 0xffffu;
  let xh = x >> 16u;
  let yl = y & 0xffffu;
  let yh = y >> 16u;
  let middle = xh * yl + ((xl * yl) >> 16u);
  let carry = xl * yh + (middle & 0xffffu);
  return xh * yh + (middle >> 16u) + (carry >> 16u);
}

fn random(key: vec2u, counter: vec2u) -> vec4u {
  var k = key;
  var c = vec4u(counter, 0u, 0u);
  for (var round = 0u; round < 10u; round++) {
    c = vec4u(
      high_word(0xcd9e8d57u, c.z) ^ c.y ^ k.x,
      0xcd9e8d57u * c.z,
      high_word(0xd2511f53u, c.x) ^ c.w ^ k.y,
      0xd2511f53u * c.x,
    );
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}

// A float in [0, 1) from the top 24 bits; exact.
fn unit_float(word: u32) -> f32 { return f32(word >> 8u) / 16777216.0; }

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

// Draws one token per row from softmax(logits / temperature) after, in this order: repetition penalty, temperature,
// top-k, top-p, min-p.
//   score = (log-softmax of the token, entropy), both of logits / temperature over the whole vocabulary: what the update recomputes, which
//   knows neither penalty nor filters
// The draw inverts the cumulative distribution in index order at a random number of (seed of the slot, position of the
// new token). Greedy takes the largest logit, the first of equals. One workgroup per row.

struct Params {
  B: u32,                   // rows in use
  V: u32,                   // vocabulary
  inverse_temperature: f32, // 1 when greedy
  penalty: f32,             // on tokens of the sequence: positive logits are divided by it, others multiplied
  inverse_penalty: f32,
  greedy: u32,
  filtered: u32,            // 1: `cut` holds what top-k and top-p left
  log_min_p: f32,           // far below 0: all
}

@group(0) @binding(0) var<storage, read> logits: array<f32>;      // (B, V)
@group(0) @binding(1) var<storage, read> rowSlot: array<u32>;     // (N)
@group(0) @binding(2) var<storage, read> rowPosition: array<u32>; // (N) of the row's token; the new one comes after it
@group(0) @binding(3) var<storage, read> seed: array<u32>;        // (S)
@group(0) @binding(4) var<storage, read_write> seen: array<u32>;  // (S, ceil(V / 32)) tokens of the sequence, a bit each
@group(0) @binding(5) var<storage, read> cut: array<u32>;         // (B, 2) key, index
@group(0) @binding(6) var<storage, read_write> token: array<u32>; // (B)
@group(0) @binding(7) var<storage, read_write> score: array<f32>; // (B, 2) logprob, entropy
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = grid_index(group);
  if (row >= params.B) { return; } // uniform over the workgroup
  let slot = rowSlot[row];
  seen_start = slot * ((params.V + 31u) / 32u);
  var softmax = row_softmax(lane, row, params.V);
  top = softmax.highest;
  tie_key = order_key(top);
  if (params.filtered == 1u) {
    cut_key = cut[2u * row];
    cut_index = cut[2u * row + 1u];
  }
  floor_logit = top + params.log_min_p;

  let greedy = params.greedy == 1u;
  let u = unit_float(random(vec2u(seed[slot], 0u), vec2u(rowPosition[row] + 1u, 0u)).x);
  let drawn = locate(lane, row, params.V, select(MASS, TIES, greedy), select(u, 0.5, greedy));

  if (params.penalty != 1.0) { // uniform
    penalised = false;
    softmax = row_softmax(lane, row, params.V);
  }
  if (lane == 0u) {
    token[row] = drawn;
    score[2u * row] = scaled_logit(row, drawn) - softmax.lse;
    score[2u * row + 1u] = softmax.entropy;
    if (params.penalty != 1.0) { seen[seen_start + drawn / 32u] |= 1u << (drawn % 32u); }
  }
}
