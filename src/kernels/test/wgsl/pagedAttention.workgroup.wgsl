// pagedAttention.workgroup, from lib/grid.wgsl, lib/reduce.wgsl, lib/paging.wgsl, attention/pagedAttention.workgroup.wgsl
// pipeline: const QUADS = 16u; const HEADS = 1u; const PEERS = 1u;
// pipeline: const QUADS = 16u; const HEADS = 1u; const PEERS = 8u;
// pipeline: const QUADS = 24u; const HEADS = 1u; const PEERS = 1u;
// pipeline: const QUADS = 24u; const HEADS = 1u; const PEERS = 8u;
// pipeline: const QUADS = 32u; const HEADS = 1u; const PEERS = 1u;
// pipeline: const QUADS = 32u; const HEADS = 1u; const PEERS = 8u;

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

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

// The paged cache: position j of sequence slot s is row (block, j mod 16) of block blockTable[s, j / 16]. Needs
// `blockTable` and params.M.
const BLOCK = 16u;

// Row of a cache (blocks · 16, K, D) that holds position j of a slot.
fn cache_row(slot: u32, j: u32) -> u32 { return blockTable[slot * params.M + j / BLOCK] * BLOCK + j % BLOCK; }

// Attention over the paged cache: row n attends to the last `window` of positions j = 0 … rowPosition[n] of its
// slot,
//   o = Σ_j e^{s_j} v_j / Σ_j e^{s_j},   s_j = q · k_j / √D
// One workgroup per (row, head), chunk by chunk: each lane scores a key; then lanes lie along the value, in SUBSETS of
// the keys. A row's sums have one order, whatever the other rows.

struct Params {
  N: u32,     // rows in use
  H: u32,     // query heads
  K: u32,     // key/value heads
  M: u32,     // blocks of a slot in the table
  scale: f32, // 1 / √D
  window: u32, // positions that a row attends to, itself included
}

@group(0) @binding(0) var<storage, read> q: array<vec4f>;          // (N, H, D)
@group(0) @binding(1) var<storage, read> rowSlot: array<u32>;      // (N)
@group(0) @binding(2) var<storage, read> rowPosition: array<u32>;  // (N)
@group(0) @binding(3) var<storage, read> blockTable: array<u32>;   // (S, M)
@group(0) @binding(4) var<storage, read> keyCache: array<vec4f>;   // (blocks, 16, K, D)
@group(0) @binding(5) var<storage, read> valueCache: array<vec4f>; // (blocks, 16, K, D)
@group(0) @binding(6) var<storage, read_write> o: array<vec4f>;    // (N, H, D)
@group(1) @binding(0) var<uniform> params: Params;

const NONE = -1e30; // below every score
override SUBSETS: u32 = WORKGROUP / QUADS; // QUADS = D / 4, at most WORKGROUP

var<workgroup> query: array<vec4f, QUADS>;
var<workgroup> weights: array<f32, WORKGROUP>;
var<workgroup> parts: array<vec4f, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = grid_index(group); // n · H + h
  let n = index / params.H;
  if (n >= params.N) { return; } // uniform over the workgroup
  let head = index % params.H / (params.H / params.K);
  let slot = rowSlot[n];
  let count = rowPosition[n] + 1u;
  let begin = count - min(count, params.window);
  if (lane < QUADS) { query[lane] = q[index * QUADS + lane] * params.scale; }
  workgroupBarrier();

  let subset = lane / QUADS;
  var largest = NONE;
  var total = 0.0; // of this lane's keys
  var sum = vec4f();
  for (var j0 = begin; j0 < count; j0 += WORKGROUP) {
    let seen = min(WORKGROUP, count - j0);
    var s = NONE;
    if (lane < seen) {
      let key = (cache_row(slot, j0 + lane) * params.K + head) * QUADS;
      s = 0.0;
      for (var i = 0u; i < QUADS; i++) { s += dot(query[i], keyCache[key + i]); }
    }
    let next = max(largest, workgroup_max(lane, s));
    let shrink = exp(largest - next);
    largest = next;
    weights[lane] = select(0.0, exp(s - largest), lane < seen);
    total = total * shrink + weights[lane];
    sum *= shrink;
    workgroupBarrier(); // the weights are complete; workgroup_max keeps them until all lanes are done
    if (subset < SUBSETS) {
      for (var c = subset; c < seen; c += SUBSETS) {
        sum += weights[c] * valueCache[(cache_row(slot, j0 + c) * params.K + head) * QUADS + lane % QUADS];
      }
    }
  }

  total = workgroup_sum(lane, total);
  parts[lane] = sum;
  workgroupBarrier();
  if (lane < QUADS) {
    for (var i = 1u; i < SUBSETS; i++) { sum += parts[i * QUADS + lane]; }
    o[index * QUADS + lane] = sum / total;
  }
}
