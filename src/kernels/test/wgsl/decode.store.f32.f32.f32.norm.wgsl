// decode.store.f32.f32.f32.norm, from decode/product.wgsl, decode/product.norm.wgsl, decode/product.frozen.wgsl, lib/weights/weight.f32.wgsl, decode/product.section.wgsl, decode/product.three.wgsl, decode/product.store.wgsl
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 1u; const RANK = 0u; const RANK_QUADS = 0u; const LOW = 0u;
// pipeline: const LANES = 256u; const ACROSS = 16u; const ROWS = 8u; const RANK = 0u; const RANK_QUADS = 0u; const LOW = 0u;

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

// RMSNorm of x on its way into a decoding product: the norm's weight goes with each value, 1 / √(mean_K(x²) + eps) with
// the finished sum.

@group(0) @binding(2) var<storage, read> norm: array<vec4f>; // (K)

var<workgroup> squares: array<f32, LANES>; // (LANES / ROWS, ROWS)

fn gain(i: u32) -> vec4f { return norm[i]; }

fn measure(lane: u32, at: array<u32, ROWS>) {
  var sum = 0.0;
  for (var m = 0u; m < ROWS; m++) { // a lane measures one row; no index into `at` known only at run time
    if (lane % ROWS == m) {
      for (var i = lane / ROWS; i < params.K / 4u; i += LANES / ROWS) { sum += dot(x[at[m] + i], x[at[m] + i]); }
    }
  }
  squares[lane] = sum;
  workgroupBarrier();
  for (var stride = LANES / 2u; stride >= ROWS; stride /= 2u) {
    if (lane < stride) { squares[lane] += squares[lane + stride]; }
    workgroupBarrier();
  }
}

fn row_scale(m: u32) -> f32 { return inverseSqrt(squares[m] / f32(params.K) + params.eps); }

// A decoding product without an adapter.

fn adapt(lane: u32, section: u32, at: array<u32, ROWS>) {}

fn adapted(m: u32, section: u32, quad: u32) -> vec4f { return vec4f(); }

// Weight format f32: word (k, n) is W[k, n]. See kernels/weights/weight.ts.
const P_0 = 1u; // values per word along K
const STEP_0 = 4u; // what a block is read from, along K: four values or a whole word

@group(0) @binding(3) var<storage, read> words_0: array<vec4f>; // (K, quads) of four columns each

// W[row · P_0 … + P_0 − 1, 4 · quad … + 3]
fn weight_values_0(row: u32, quad: u32) -> array<vec4f, P_0> {
  return array<vec4f, P_0>(words_0[row * params.quads_0 + quad]);
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value_0(k: u32, quad: u32) -> vec4f { return words_0[k * params.quads_0 + quad]; }

// W[k … k + 3, 4 · quad … + 3] with k = step · STEP_0 + 4 · block, a column for each k.
fn weight_block_0(step: u32, block: u32, quad: u32) -> mat4x4f {
  let at = 4u * step * params.quads_0 + quad;
  return mat4x4f(words_0[at], words_0[at + params.quads_0], words_0[at + 2u * params.quads_0], words_0[at + 3u * params.quads_0]);
}

// One section of a decoding product. kernels/decode/product.ts puts a section's weight format before it and numbers the
// names of both, once for each section.

const GROUP_0 = max(P_0, 4u); // channels of a step: whole words_0 of the weight, whole vec4 of x

// This lane's slice of x · W at a column: at[m] is where row m of x starts.
fn section_sums_0(at: array<u32, ROWS>, quad: u32, slice: u32) -> array<vec4f, ROWS> {
  var sum: array<vec4f, ROWS>;
  for (var step = slice; step < params.K / GROUP_0; step += SLICES) {
    var w: array<vec4f, GROUP_0>;
    for (var i = 0u; i < GROUP_0 / P_0; i++) {
      var values = weight_values_0(step * (GROUP_0 / P_0) + i, quad);
      for (var p = 0u; p < P_0; p++) { w[i * P_0 + p] = values[p]; }
    }
    for (var j = 0u; j < GROUP_0 / 4u; j++) {
      let i = step * (GROUP_0 / 4u) + j;
      let g = gain(i);
      for (var m = 0u; m < ROWS; m++) {
        let v = x[at[m] + i] * g;
        sum[m] += v.x * w[4u * j] + v.y * w[4u * j + 1u] + v.z * w[4u * j + 2u] + v.w * w[4u * j + 3u];
      }
    }
  }
  return sum;
}

// Weight format f32: word (k, n) is W[k, n]. See kernels/weights/weight.ts.
const P_1 = 1u; // values per word along K
const STEP_1 = 4u; // what a block is read from, along K: four values or a whole word

@group(0) @binding(4) var<storage, read> words_1: array<vec4f>; // (K, quads) of four columns each

// W[row · P_1 … + P_1 − 1, 4 · quad … + 3]
fn weight_values_1(row: u32, quad: u32) -> array<vec4f, P_1> {
  return array<vec4f, P_1>(words_1[row * params.quads_1 + quad]);
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value_1(k: u32, quad: u32) -> vec4f { return words_1[k * params.quads_1 + quad]; }

// W[k … k + 3, 4 · quad … + 3] with k = step · STEP_1 + 4 · block, a column for each k.
fn weight_block_1(step: u32, block: u32, quad: u32) -> mat4x4f {
  let at = 4u * step * params.quads_1 + quad;
  return mat4x4f(words_1[at], words_1[at + params.quads_1], words_1[at + 2u * params.quads_1], words_1[at + 3u * params.quads_1]);
}

// One section of a decoding product. kernels/decode/product.ts puts a section's weight format before it and numbers the
// names of both, once for each section.

const GROUP_1 = max(P_1, 4u); // channels of a step: whole words_1 of the weight, whole vec4 of x

// This lane's slice of x · W at a column: at[m] is where row m of x starts.
fn section_sums_1(at: array<u32, ROWS>, quad: u32, slice: u32) -> array<vec4f, ROWS> {
  var sum: array<vec4f, ROWS>;
  for (var step = slice; step < params.K / GROUP_1; step += SLICES) {
    var w: array<vec4f, GROUP_1>;
    for (var i = 0u; i < GROUP_1 / P_1; i++) {
      var values = weight_values_1(step * (GROUP_1 / P_1) + i, quad);
      for (var p = 0u; p < P_1; p++) { w[i * P_1 + p] = values[p]; }
    }
    for (var j = 0u; j < GROUP_1 / 4u; j++) {
      let i = step * (GROUP_1 / 4u) + j;
      let g = gain(i);
      for (var m = 0u; m < ROWS; m++) {
        let v = x[at[m] + i] * g;
        sum[m] += v.x * w[4u * j] + v.y * w[4u * j + 1u] + v.z * w[4u * j + 2u] + v.w * w[4u * j + 3u];
      }
    }
  }
  return sum;
}

// Weight format f32: word (k, n) is W[k, n]. See kernels/weights/weight.ts.
const P_2 = 1u; // values per word along K
const STEP_2 = 4u; // what a block is read from, along K: four values or a whole word

@group(0) @binding(5) var<storage, read> words_2: array<vec4f>; // (K, quads) of four columns each

// W[row · P_2 … + P_2 − 1, 4 · quad … + 3]
fn weight_values_2(row: u32, quad: u32) -> array<vec4f, P_2> {
  return array<vec4f, P_2>(words_2[row * params.quads_2 + quad]);
}

// W[k, 4 · quad … + 3]: one of the above, for kernels that share a word out among threads.
fn weight_value_2(k: u32, quad: u32) -> vec4f { return words_2[k * params.quads_2 + quad]; }

// W[k … k + 3, 4 · quad … + 3] with k = step · STEP_2 + 4 · block, a column for each k.
fn weight_block_2(step: u32, block: u32, quad: u32) -> mat4x4f {
  let at = 4u * step * params.quads_2 + quad;
  return mat4x4f(words_2[at], words_2[at + params.quads_2], words_2[at + 2u * params.quads_2], words_2[at + 3u * params.quads_2]);
}

// One section of a decoding product. kernels/decode/product.ts puts a section's weight format before it and numbers the
// names of both, once for each section.

const GROUP_2 = max(P_2, 4u); // channels of a step: whole words_2 of the weight, whole vec4 of x

// This lane's slice of x · W at a column: at[m] is where row m of x starts.
fn section_sums_2(at: array<u32, ROWS>, quad: u32, slice: u32) -> array<vec4f, ROWS> {
  var sum: array<vec4f, ROWS>;
  for (var step = slice; step < params.K / GROUP_2; step += SLICES) {
    var w: array<vec4f, GROUP_2>;
    for (var i = 0u; i < GROUP_2 / P_2; i++) {
      var values = weight_values_2(step * (GROUP_2 / P_2) + i, quad);
      for (var p = 0u; p < P_2; p++) { w[i * P_2 + p] = values[p]; }
    }
    for (var j = 0u; j < GROUP_2 / 4u; j++) {
      let i = step * (GROUP_2 / 4u) + j;
      let g = gain(i);
      for (var m = 0u; m < ROWS; m++) {
        let v = x[at[m] + i] * g;
        sum[m] += v.x * w[4u * j] + v.y * w[4u * j + 1u] + v.z * w[4u * j + 2u] + v.w * w[4u * j + 3u];
      }
    }
  }
  return sum;
}

fn sums(section: u32, at: array<u32, ROWS>, quad: u32, slice: u32) -> array<vec4f, ROWS> {
  if (section == 2u) { return section_sums_2(at, quad, slice); }
  if (section == 1u) { return section_sums_1(at, quad, slice); }
  return section_sums_0(at, quad, slice);
}

// Decoding product whose sections lie side by side in y. One workgroup per (tile, rows, section).

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let section = group.z;
  let row = group.y * ROWS;
  let first = group.x * ACROSS;
  let quads = quads_of(section);
  if (first >= quads) { return; } // uniform over the workgroup
  var at: array<u32, ROWS>; // rows past the end repeat the last one and are not stored
  for (var m = 0u; m < ROWS; m++) { at[m] = min(row + m, params.M - 1u) * (params.K / 4u); }

  measure(lane, at);
  adapt(lane, section, at);
  var sum: array<vec4f, ROWS>;
  if (first + lane % ACROSS < quads) { sum = sums(section, at, first + lane % ACROSS, lane / ACROSS); }
  gather(lane, ACROSS, 0u, sum);

  let quad = first + lane % ACROSS;
  let m = row + lane / ACROSS;
  if (lane >= OUTPUTS || m >= params.M || quad >= quads) { return; }
  let to = m * params.width + start_of(section) + quad;
  y[to] = select(vec4f(), y[to], params.accumulate == 1u) + finished(lane, section, quad);
}
