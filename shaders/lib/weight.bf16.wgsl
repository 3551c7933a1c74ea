// Weight format bf16: word (k / 2, n) holds W[k, n] in its low half and W[k + 1, n] in its high half. See
// kernels/weight.ts.
const P = 2u; // values per word along K

@group(0) @binding(2) var<storage, read> words: array<vec4u>; // (ceil(K / 2), quads) of four columns each

// W[row · P … + P − 1, 4 · quad … + 3]. A bf16 is the upper half of an f32, so this is exact.
fn weight_values(row: u32, quad: u32) -> array<vec4f, P> {
  let word = words[row * params.quads + quad];
  return array<vec4f, P>(bitcast<vec4f>(word << vec4u(16u)), bitcast<vec4f>(word & vec4u(0xffff0000u)));
}
