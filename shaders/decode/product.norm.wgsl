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
