// One section of a decoding product. kernels/decode/product.ts puts a section's weight format before it and numbers the
// names of both, once for each section.

const GROUP = max(P, 4u); // channels of a step: whole words of the weight, whole vec4 of x

// This lane's slice of x · W at a column: at[m] is where row m of x starts.
fn section_sums(at: array<u32, ROWS>, quad: u32, slice: u32) -> array<vec4f, ROWS> {
  var sum: array<vec4f, ROWS>;
  for (var step = slice; step < params.K / GROUP; step += SLICES) {
    var w: array<vec4f, GROUP>;
    for (var i = 0u; i < GROUP / P; i++) {
      var values = weight_values(step * (GROUP / P) + i, quad);
      for (var p = 0u; p < P; p++) { w[i * P + p] = values[p]; }
    }
    for (var j = 0u; j < GROUP / 4u; j++) {
      let i = step * (GROUP / 4u) + j;
      let g = gain(i);
      for (var m = 0u; m < ROWS; m++) {
        let v = x[at[m] + i] * g;
        sum[m] += v.x * w[4u * j] + v.y * w[4u * j + 1u] + v.z * w[4u * j + 2u] + v.w * w[4u * j + 3u];
      }
    }
  }
  return sum;
}
