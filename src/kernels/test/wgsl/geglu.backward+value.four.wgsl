// geglu.backward, from lib/weights/value.four.wgsl, lib/grid.wgsl, lib/sigmoid.wgsl, geglu.backward.wgsl
// pipeline: no settings

// Arrays seen as groups of four elements: a quarter of the loads, stores and index arithmetic.
alias Value = vec4f;
const WIDTH = 4u;

fn sum_of(value: Value) -> f32 { return value.x + value.y + value.z + value.w; }

// A one-dimensional grid folded in two, since a dispatch allows 65,535 workgroups per dimension. See gpu/grid.ts.
const GRID_WIDTH = 32768u;

fn grid_index(group: vec3u) -> u32 { return group.x + group.y * GRID_WIDTH; }

// 1 / (1 + e^−x), written so that no intermediate overflows.
fn sigmoid(x: Value) -> Value {
  let e = exp(-abs(x));
  return select(e, Value(1.0), x >= Value(0.0)) / (1.0 + e);
}

// GeGLU backward, with s = sigmoid(2u) as in geglu.forward.wgsl:
//   dgate = dy · up · s · (1 + gate · (1 − s) · ROOT · (1 + 3 · CUBE · gate²))
//   dup   = dy · gate · s
// One thread per Value.

override WORKGROUP: u32 = 64u;

struct Params {
  size: u32, // rows in use · F, in Values
}

@group(0) @binding(0) var<storage, read> dy: array<Value>;          // (N, F)
@group(0) @binding(1) var<storage, read> gate: array<Value>;        // (N, F)
@group(0) @binding(2) var<storage, read> up: array<Value>;          // (N, F)
@group(0) @binding(3) var<storage, read_write> dgate: array<Value>; // (N, F)
@group(0) @binding(4) var<storage, read_write> dup: array<Value>;   // (N, F)
@group(1) @binding(0) var<uniform> params: Params;

const ROOT = 1.5957691216057308; // 2 √(2/π)
const CUBE = 0.044715;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = grid_index(group) * WORKGROUP + lane;
  if (i >= params.size) { return; }
  let g = gate[i];
  let s = sigmoid(ROOT * g * (1.0 + CUBE * g * g));
  let d = dy[i] * s;
  dgate[i] = d * up[i] * (1.0 + g * (1.0 - s) * ROOT * (1.0 + 3.0 * CUBE * g * g));
  dup[i] = d * g;
}
