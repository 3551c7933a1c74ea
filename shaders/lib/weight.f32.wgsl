// Weight format f32: word (k, n) is W[k, n]. See kernels/weight.ts.
const P = 1u; // values per word along K

@group(0) @binding(2) var<storage, read> words: array<vec4f>; // (K, quads) of four columns each

// W[row · P … + P − 1, 4 · quad … + 3]
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  return array<vec4f, P>(words[row * params.quads + quad]);
}
