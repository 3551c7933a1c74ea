// Rotary position embedding, in place, half-rotation layout: elements i and i + D/2 of a head turn by the angle a(position, i),
//   (x_i, x_{i+D/2}) ← (x_i cos a − x_{i+D/2} sin a,  x_{i+D/2} cos a + x_i sin a)
// Backward is the inverse rotation: direction = −1.
// One thread per pair of Values.

override WORKGROUP: u32 = 64u;

struct Params {
  N: u32,         // rows in use
  H: u32,         // heads
  D: u32,         // head size, in Values
  direction: f32, // 1 forward, −1 backward
}

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // (N, H, D)
@group(0) @binding(1) var<storage, read> position: array<u32>;  // (N)
@group(0) @binding(2) var<storage, read> table: array<Value>;   // (T, D): D/2 cosines, then D/2 sines
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let half = params.D / 2u;
  let index = grid_index(group) * WORKGROUP + lane;
  if (index >= params.N * params.H * half) { return; }
  let i = index % half;
  let head = index / half; // n · H + h
  let turn = position[head / params.H] * params.D + i;
  let c = table[turn];
  let s = table[turn + half] * params.direction;

  let at = head * params.D + i;
  let a = x[at];
  let b = x[at + half];
  x[at] = a * c - b * s;
  x[at + half] = b * c + a * s;
}
