// Multiply-add peak: eight independent chains a · b + c in each thread, four of each per round so that the loop itself
// is cheap.

struct Params { rounds: u32, b: f32, c: f32 }

@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let b = params.b;
  let c = params.c;
  let x = f32(id.x);
  var s0 = x; var s1 = x + 1.0; var s2 = x + 2.0; var s3 = x + 3.0;
  var s4 = x + 4.0; var s5 = x + 5.0; var s6 = x + 6.0; var s7 = x + 7.0;
  for (var i = 0u; i < params.rounds; i++) {
    s0 = s0 * b + c; s1 = s1 * b + c; s2 = s2 * b + c; s3 = s3 * b + c;
    s4 = s4 * b + c; s5 = s5 * b + c; s6 = s6 * b + c; s7 = s7 * b + c;
    s0 = s0 * b + c; s1 = s1 * b + c; s2 = s2 * b + c; s3 = s3 * b + c;
    s4 = s4 * b + c; s5 = s5 * b + c; s6 = s6 * b + c; s7 = s7 * b + c;
    s0 = s0 * b + c; s1 = s1 * b + c; s2 = s2 * b + c; s3 = s3 * b + c;
    s4 = s4 * b + c; s5 = s5 * b + c; s6 = s6 * b + c; s7 = s7 * b + c;
    s0 = s0 * b + c; s1 = s1 * b + c; s2 = s2 * b + c; s3 = s3 * b + c;
    s4 = s4 * b + c; s5 = s5 * b + c; s6 = s6 * b + c; s7 = s7 * b + c;
  }
  y[id.x] = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
}
