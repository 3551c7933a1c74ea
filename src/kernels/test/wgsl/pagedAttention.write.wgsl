// pagedAttention.write, from lib/grid.wgsl, lib/paging.wgsl, attention/pagedAttention.write.wgsl
// pipeline: no settings

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// The paged cache: position j of sequence slot s is row (block, j mod 16) of block blockTable[s, j / 16]. Needs
// `blockTable` and params.M.
const BLOCK = 16u;

// Row of a cache (blocks · 16, K, D) that holds position j of a slot.
fn cache_row(slot: u32, j: u32) -> u32 { return blockTable[slot * params.M + j / BLOCK] * BLOCK + j % BLOCK; }

// Stores keys and values of new rows in the paged cache. One thread per four elements.

override WORKGROUP: u32 = 64u;

struct Params {
  N: u32,     // rows in use
  M: u32,     // blocks of a slot in the table
  width: u32, // K · D / 4
}

@group(0) @binding(0) var<storage, read> k: array<vec4f>;                // (N, K, D)
@group(0) @binding(1) var<storage, read> v: array<vec4f>;                // (N, K, D)
@group(0) @binding(2) var<storage, read> rowSlot: array<u32>;            // (N)
@group(0) @binding(3) var<storage, read> rowPosition: array<u32>;        // (N)
@group(0) @binding(4) var<storage, read> blockTable: array<u32>;         // (S, M)
@group(0) @binding(5) var<storage, read_write> keyCache: array<vec4f>;   // (blocks, 16, K, D)
@group(0) @binding(6) var<storage, read_write> valueCache: array<vec4f>; // (blocks, 16, K, D)
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = grid_index(group) * WORKGROUP + lane;
  let n = index / params.width;
  if (n >= params.N) { return; }
  let at = cache_row(rowSlot[n], rowPosition[n]) * params.width + index % params.width;
  keyCache[at] = k[index];
  valueCache[at] = v[index];
}
