// Weight format f32: word (k, n) is W[k, n]. See kernels/weights/weight.ts.
const P = 1u; // values per word along K
const STEP = 4u; // what a block is read from, along K: four values or a whole word

@group(0) @binding(2) var<storage, read> words: array<vec4f>; // (K, quads) of four columns each

// W[row · P … + P − 1, 4 · quad … + 3]
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  return array<vec4f, P>(words[row * params.quads + quad]);
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value(k: u32, quad: u32) -> vec4f { return words[k * params.quads + quad]; }

// W[k … k + 3, 4 · quad … + 3] with k = step · STEP + 4 · block, a column for each k.
fn weight_block(step: u32, block: u32, quad: u32) -> mat4x4f {
  let at = 4u * step * params.quads + quad;
  return mat4x4f(words[at], words[at + params.quads], words[at + 2u * params.quads], words[at + 3u * params.quads]);
}
