// Products of a decoding step, y (+)= f(x) · W for few rows, with what lies around them in one dispatch: the RMSNorm of
// x before, the low-rank adapter inside, the gated unit after. A workgroup holds ROWS rows × ACROSS vec4 columns of one
// of up to three matrices that share x (its sections) and cuts K among its LANES / ACROSS slices; their sums meet in a
// fixed order. Each section's weights are bound by product.section.wgsl.

struct Params {
  M: u32,          // rows in use
  K: u32,          // channels of x, a multiple of 4
  width: u32,      // row stride of y, in vec4
  accumulate: u32, // 1: add to y
  eps: f32,        // variance floor of the norm
  alpha: f32,      // of the adapter
  quads_0: u32,    // columns of each section, in vec4
  quads_1: u32,
  quads_2: u32,
  a_0: u32,        // where the adapter's matrices (K, R), (R, columns) start in `adapters`, in vec4; NONE without
  a_1: u32,
  a_2: u32,
  b_0: u32,
  b_1: u32,
  b_2: u32,
}

@group(0) @binding(0) var<storage, read> x: array<vec4f>;       // (M, K)
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>; // (M, width)
@group(1) @binding(0) var<uniform> params: Params;

const SLICES = LANES / ACROSS;
const OUTPUTS = ROWS * ACROSS; // at most LANES
const TOGETHER = min(ROWS, 2u); // rows whose slices meet at a time: what workgroup memory holds

var<workgroup> part: array<vec4f, TOGETHER * LANES>;
var<workgroup> total: array<vec4f, OUTPUTS + ROWS * LOW>; // (ROWS, ACROSS) of the product, (ROWS, LOW) of x · A

// Sums over slices: lanes lie `across` side by side. Leaves row m, column c in total[first + m · across + c].
fn gather(lane: u32, across: u32, first: u32, sum: array<vec4f, ROWS>) {
  for (var m = 0u; m < ROWS; m += TOGETHER) {
    for (var r = 0u; r < TOGETHER; r++) { part[r * LANES + lane] = sum[m + r]; }
    workgroupBarrier();
    var stride = LANES / 2u;
    for (; stride >= 16u * across; stride /= 2u) {
      if (lane < stride) {
        for (var r = 0u; r < TOGETHER; r++) { part[r * LANES + lane] += part[r * LANES + lane + stride]; }
      }
      workgroupBarrier();
    }
    for (var i = lane; i < TOGETHER * across; i += LANES) {
      let at = i / across * LANES + i % across;
      var all = part[at];
      for (var s = across; s < 2u * stride; s += across) { all += part[at + s]; }
      total[first + m * across + i] = all;
    }
    workgroupBarrier();
  }
}

fn quads_of(section: u32) -> u32 {
  return select(select(params.quads_0, params.quads_1, section == 1u), params.quads_2, section == 2u);
}

// Column of y at which a section starts, in vec4.
fn start_of(section: u32) -> u32 {
  return select(0u, params.quads_0, section > 0u) + select(0u, params.quads_1, section > 1u);
}

// Output `i` of the tile, at column `quad` of the section.
fn finished(i: u32, section: u32, quad: u32) -> vec4f {
  let m = i / ACROSS;
  return row_scale(m) * (total[i] + adapted(m, section, quad));
}
