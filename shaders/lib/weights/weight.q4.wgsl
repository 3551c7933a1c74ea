// Weight format q4: word (k / 8, n) holds eight nibbles q of column n; W = d · q + m with d, m per 32 values. See
// kernels/weights/weight.ts.
const P = 8u; // values per word along K
const STEP = 8u; // what a block is read from, along K: four values or a whole word

@group(0) @binding(2) var<storage, read> words: array<vec4u>;  // (K / 8, quads) of four columns each
@group(0) @binding(3) var<storage, read> scales: array<vec4u>; // (K / 32, quads) f16 d low, f16 m high

// W[row · P … + P − 1, 4 · quad … + 3]
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  let word = words[row * params.quads + quad];
  let scale = scales[row / 4u * params.quads + quad];
  let x = unpack2x16float(scale.x);
  let y = unpack2x16float(scale.y);
  let z = unpack2x16float(scale.z);
  let w = unpack2x16float(scale.w);
  let d = vec4f(x.x, y.x, z.x, w.x);
  let m = vec4f(x.y, y.y, z.y, w.y);
  return array<vec4f, P>(
    d * vec4f(word & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(4u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(8u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(12u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(16u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(20u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(24u)) & vec4u(15u)) + m,
    d * vec4f(word >> vec4u(28u)) + m,
  );
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value(k: u32, quad: u32) -> vec4f {
  let word = words[k / 8u * params.quads + quad] >> vec4u(k % 8u * 4u);
  let scale = scales[k / 32u * params.quads + quad];
  let x = unpack2x16float(scale.x);
  let y = unpack2x16float(scale.y);
  let z = unpack2x16float(scale.z);
  let w = unpack2x16float(scale.w);
  return vec4f(x.x, y.x, z.x, w.x) * vec4f(word & vec4u(15u)) + vec4f(x.y, y.y, z.y, w.y);
}

// W[k … k + 3, 4 · quad … + 3] with k = step · STEP + 4 · block, a column for each k.
fn weight_block(step: u32, block: u32, quad: u32) -> mat4x4f {
  let word = words[step * params.quads + quad] >> vec4u(16u * block);
  let scale = scales[step / 4u * params.quads + quad];
  let x = unpack2x16float(scale.x);
  let y = unpack2x16float(scale.y);
  let z = unpack2x16float(scale.z);
  let w = unpack2x16float(scale.w);
  let d = vec4f(x.x, y.x, z.x, w.x);
  let m = vec4f(x.y, y.y, z.y, w.y);
  return mat4x4f(
    d * vec4f(word & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(4u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(8u)) & vec4u(15u)) + m,
    d * vec4f((word >> vec4u(12u)) & vec4u(15u)) + m,
  );
}
