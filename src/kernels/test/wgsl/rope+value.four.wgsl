// rope, from lib/weights/value.four.wgsl, lib/grid.wgsl, rope.wgsl
// pipeline: no settings

// Arrays seen as groups of four elements: a quarter of the loads, stores and index arithmetic.
alias Value = vec4f;
const WIDTH = 4u;

fn sum_of(value: Value) -> f32 { return value.x + value.y + value.z + value.w; }

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// Rotary position embedding of queries and keys, in place, half-rotation layout: elements i and i + D/2 of a head turn
// by the angle a(position, i),
//   (x_i, x_{i+D/2}) ← (x_i cos a − x_{i+D/2} sin a,  x_{i+D/2} cos a + x_i sin a)
// Backward is the inverse rotation: direction = −1.
// One thread per pair of Values: those of q first, then those of k.

override WORKGROUP: u32 = 64u;

struct Params {
  N: u32,         // rows in use
  H: u32,         // query heads
  K: u32,         // key heads
  D: u32,         // head size, in Values
  direction: f32, // 1 forward, −1 backward
}

@group(0) @binding(0) var<storage, read_write> q: array<Value>; // (N, H, D)
@group(0) @binding(1) var<storage, read_write> k: array<Value>; // (N, K, D)
@group(0) @binding(2) var<storage, read> position: array<u32>;  // (N)
@group(0) @binding(3) var<storage, read> table: array<Value>;   // (T, D): D/2 cosines, then D/2 sines
@group(1) @binding(0) var<uniform> params: Params;

struct Pair {
  at: u32, // of its first half
  c: Value,
  s: Value,
}

fn pair(index: u32, heads: u32) -> Pair {
  let half = params.D / 2u;
  let i = index % half;
  let head = index / half; // row · heads + head
  let turn = position[head / heads] * params.D + i;
  return Pair(head * params.D + i, table[turn], table[turn + half] * params.direction);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let half = params.D / 2u;
  let index = grid_index(group) * WORKGROUP + lane;
  let queries = params.N * params.H * half;
  let keys = params.N * params.K * half;
  if (index < queries) {
    let p = pair(index, params.H);
    let a = q[p.at];
    let b = q[p.at + half];
    q[p.at] = a * p.c - b * p.s;
    q[p.at + half] = b * p.c + a * p.s;
  } else if (index - queries < keys) {
    let p = pair(index - queries, params.K);
    let a = k[p.at];
    let b = k[p.at + half];
    k[p.at] = a * p.c - b * p.s;
    k[p.at + half] = b * p.c + a * p.s;
  }
}
