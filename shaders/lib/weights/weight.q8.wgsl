// Weight format q8: word (k / 4, n) holds four signed bytes q of column n; W = d · q + m with d, m per 32 values. See
// kernels/weights/weight.ts.
const P = 4u; // values per word along K
const STEP = 4u; // what a block is read from, along K: four values or a whole word

@group(0) @binding(2) var<storage, read> words: array<vec4u>;  // (K / 4, quads) of four columns each
@group(0) @binding(3) var<storage, read> scales: array<vec4u>; // (K / 32, quads) f16 d low, f16 m high

// W[row · P … + P − 1, 4 · quad … + 3]
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  let word = bitcast<vec4i>(words[row * params.quads + quad]);
  let scale = scales[row / 8u * params.quads + quad];
  let x = unpack2x16float(scale.x);
  let y = unpack2x16float(scale.y);
  let z = unpack2x16float(scale.z);
  let w = unpack2x16float(scale.w);
  let d = vec4f(x.x, y.x, z.x, w.x);
  let m = vec4f(x.y, y.y, z.y, w.y);
  return array<vec4f, P>(
    d * vec4f((word << vec4u(24u)) >> vec4u(24u)) + m,
    d * vec4f((word << vec4u(16u)) >> vec4u(24u)) + m,
    d * vec4f((word << vec4u(8u)) >> vec4u(24u)) + m,
    d * vec4f(word >> vec4u(24u)) + m,
  );
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value(k: u32, quad: u32) -> vec4f {
  let word = bitcast<vec4i>(words[k / 4u * params.quads + quad] << vec4u(24u - k % 4u * 8u));
  let scale = scales[k / 32u * params.quads + quad];
  let x = unpack2x16float(scale.x);
  let y = unpack2x16float(scale.y);
  let z = unpack2x16float(scale.z);
  let w = unpack2x16float(scale.w);
  return vec4f(x.x, y.x, z.x, w.x) * vec4f(word >> vec4u(24u)) + vec4f(x.y, y.y, z.y, w.y);
}

// W[k … k + 3, 4 · quad … + 3] with k = step · STEP + 4 · block, a column for each k.
fn weight_block(step: u32, block: u32, quad: u32) -> mat4x4f {
  let a = weight_values(step, quad);
  return mat4x4f(a[0], a[1], a[2], a[3]);
}
