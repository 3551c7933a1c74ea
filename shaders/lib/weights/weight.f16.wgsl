// Weight format f16: word (k / 2, n) holds W[k, n] in its low half and W[k + 1, n] in its high half. See
// kernels/weights/weight.ts.
const P = 2u; // values per word along K
const STEP = 4u; // what a block is read from, along K: four values or a whole word

@group(0) @binding(2) var<storage, read> words: array<vec4u>; // (ceil(K / 2), quads) of four columns each

// W[row · P … + P − 1, 4 · quad … + 3]
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  let word = words[row * params.quads + quad];
  let a = unpack2x16float(word.x);
  let b = unpack2x16float(word.y);
  let c = unpack2x16float(word.z);
  let d = unpack2x16float(word.w);
  return array<vec4f, P>(vec4f(a.x, b.x, c.x, d.x), vec4f(a.y, b.y, c.y, d.y));
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value(k: u32, quad: u32) -> vec4f {
  let word = words[k / 2u * params.quads + quad] >> vec4u(k % 2u * 16u);
  return vec4f(unpack2x16float(word.x).x, unpack2x16float(word.y).x, unpack2x16float(word.z).x, unpack2x16float(word.w).x);
}

// W[k … k + 3, 4 · quad … + 3] with k = step · STEP + 4 · block, a column for each k.
fn weight_block(step: u32, block: u32, quad: u32) -> mat4x4f {
  let a = weight_values(2u * step, quad);
  let b = weight_values(2u * step + 1u, quad);
  return mat4x4f(a[0], a[1], b[0], b[1]);
}
