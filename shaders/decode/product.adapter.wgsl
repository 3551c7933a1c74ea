// The adapter of a decoding product: alpha · (f(x) · A) · B. Every workgroup makes f(x) · A for its rows anew: R columns
// more beside the 4 · ACROSS of its tile, in place of a dispatch of its own.

@group(0) @binding(3) var<storage, read> adapters: array<vec4f>; // all adapter matrices of the model

const NONE = 0xffffffffu;

fn low_of(section: u32) -> u32 {
  return select(select(params.a_0, params.a_1, section == 1u), params.a_2, section == 2u);
}

fn high_of(section: u32) -> u32 {
  return select(select(params.b_0, params.b_1, section == 1u), params.b_2, section == 2u);
}

// Leaves f(x) · A of the section, without the row's scale, in total[OUTPUTS …].
fn adapt(lane: u32, section: u32, at: array<u32, ROWS>) {
  let first = low_of(section);
  let column = lane % LOW;
  var sum: array<vec4f, ROWS>;
  if (column < RANK_QUADS && first != NONE) {
    for (var i = lane / LOW; i < params.K / 4u; i += LANES / LOW) {
      let g = gain(i);
      let a = first + 4u * i * RANK_QUADS + column;
      let a0 = adapters[a];
      let a1 = adapters[a + RANK_QUADS];
      let a2 = adapters[a + 2u * RANK_QUADS];
      let a3 = adapters[a + 3u * RANK_QUADS];
      for (var m = 0u; m < ROWS; m++) {
        let v = x[at[m] + i] * g;
        sum[m] += v.x * a0 + v.y * a1 + v.z * a2 + v.w * a3;
      }
    }
  }
  gather(lane, LOW, OUTPUTS, sum);
}

fn adapted(m: u32, section: u32, quad: u32) -> vec4f {
  var sum = vec4f();
  if (high_of(section) == NONE) { return sum; }
  for (var r = 0u; r < RANK; r++) {
    sum += total[OUTPUTS + m * LOW + r / 4u][r % 4u] * adapters[high_of(section) + r * quads_of(section) + quad];
  }
  return params.alpha * sum;
}
