// Norm of query and key heads, for keys.wgsl.

@group(0) @binding(8) var<storage, read> queryNorm: array<vec4f>; // (D)
@group(0) @binding(9) var<storage, read> keyNorm: array<vec4f>;   // (D)

fn head_scale(lane: u32, source: u32, quads: u32) -> f32 {
  var squares = 0.0;
  for (var i = lane; i < quads; i += WORKGROUP) { squares += dot(qkv[source + i], qkv[source + i]); }
  return inverseSqrt(workgroup_sum(lane, squares) / f32(4u * quads) + params.eps);
}

fn head_gain(isQuery: bool, i: u32) -> vec4f { return select(keyNorm[i], queryNorm[i], isQuery); }
