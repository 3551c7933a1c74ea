// decode.keys.norm, from lib/reduce.subgroup.wgsl, lib/grid.wgsl, lib/paging.wgsl, decode/keys.wgsl, decode/keys.norm.wgsl
// pipeline: enable subgroups; override WORKGROUP = 32;

// The reductions of lib/reduce.wgsl for a workgroup that is one subgroup: no memory, no barriers. Needs `enable
// subgroups`.

override WORKGROUP: u32 = 8u; // at most the adapter's smallest subgroup

fn workgroup_sum(lane: u32, value: f32) -> f32 { return subgroupAdd(value); }

fn workgroup_max(lane: u32, value: f32) -> f32 { return subgroupMax(value); }

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// The paged cache: position j of sequence slot s is row (block, j mod 16) of block blockTable[s, j / 16]. Needs
// `blockTable` and params.M.
const BLOCK = 16u;

// Row of a cache (blocks · 16, K, D) that holds position j of a slot.
fn cache_row(slot: u32, j: u32) -> u32 { return blockTable[slot * params.M + j / BLOCK] * BLOCK + j % BLOCK; }

// Between the product of q, k and v and attention, in a decoding step or a prefill: norm of each query and key head
// where the model has it, RoPE, and keys and values into the paged cache.
// One workgroup per (row, head): the query heads first, then the key heads, then the value heads.

struct Params {
  N: u32,      // rows in use
  H: u32,      // query heads
  K: u32,      // key/value heads
  M: u32,      // blocks of a slot in the table
  quads: u32,  // D / 4, even
  rotates: u32, // 1: RoPE
  eps: f32,    // variance floor of the norms
}

@group(0) @binding(0) var<storage, read> qkv: array<vec4f>;              // (N, H + 2 K, D)
@group(0) @binding(1) var<storage, read> table: array<vec4f>;            // (T, D): D/2 cosines, then D/2 sines
@group(0) @binding(2) var<storage, read> rowSlot: array<u32>;            // (N)
@group(0) @binding(3) var<storage, read> rowPosition: array<u32>;        // (N)
@group(0) @binding(4) var<storage, read> blockTable: array<u32>;         // (S, M)
@group(0) @binding(5) var<storage, read_write> q: array<vec4f>;          // (N, H, D)
@group(0) @binding(6) var<storage, read_write> keyCache: array<vec4f>;   // (blocks, 16, K, D)
@group(0) @binding(7) var<storage, read_write> valueCache: array<vec4f>; // (blocks, 16, K, D)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = grid_index(group);
  let heads = params.H + 2u * params.K;
  let n = index / heads;
  if (n >= params.N) { return; } // uniform over the workgroup
  let head = index % heads;
  let source = index * params.quads;
  let isQuery = head < params.H;
  let isValue = head >= params.H + params.K;
  let place = cache_row(rowSlot[n], rowPosition[n]) * params.K;
  if (isValue) {
    let to = (place + head - params.H - params.K) * params.quads;
    for (var i = lane; i < params.quads; i += WORKGROUP) { valueCache[to + i] = qkv[source + i]; }
    return;
  }

  let r = head_scale(lane, source, params.quads);
  let half = params.quads / 2u;
  let turn = rowPosition[n] * params.quads;
  for (var i = lane; i < half; i += WORKGROUP) {
    var a = qkv[source + i] * r * head_gain(isQuery, i);
    var b = qkv[source + half + i] * r * head_gain(isQuery, half + i);
    if (params.rotates == 1u) {
      let c = table[turn + i];
      let s = table[turn + half + i];
      let turned = a * c - b * s;
      b = b * c + a * s;
      a = turned;
    }
    if (isQuery) {
      let to = (n * params.H + head) * params.quads;
      q[to + i] = a;
      q[to + half + i] = b;
    } else {
      let to = (place + head - params.H) * params.quads;
      keyCache[to + i] = a;
      keyCache[to + half + i] = b;
    }
  }
}

// Norm of query and key heads, for keys.wgsl.

@group(0) @binding(8) var<storage, read> queryNorm: array<vec4f>; // (D)
@group(0) @binding(9) var<storage, read> keyNorm: array<vec4f>;   // (D)

fn head_scale(lane: u32, source: u32, quads: u32) -> f32 {
  var squares = 0.0;
  for (var i = lane; i < quads; i += WORKGROUP) { squares += dot(qkv[source + i], qkv[source + i]); }
  return inverseSqrt(workgroup_sum(lane, squares) / f32(4u * quads) + params.eps);
}

fn head_gain(isQuery: bool, i: u32) -> vec4f { return select(keyNorm[i], queryNorm[i], isQuery); }
