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
