// Weight format f16: word (k / 2, n) holds W[k, n] in its low half and W[k + 1, n] in its high half. See
// kernels/weight.ts.
const P = 2u; // values per word along K

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
