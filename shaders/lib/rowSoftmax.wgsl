// Statistics of the softmax of a row of V logits. The shader that includes this defines scaled_logit(row, v).
// Everything that reports a log-probability goes through here, so that sampling and training sum in the same order.

struct RowSoftmax {
  highest: f32, // largest logit
  lse: f32,     // log Σ exp(logit)
  entropy: f32, // lse − Σ p · logit, in nats
}

// Sums run over 64 terms before they join the total: a long tail of tiny terms must not vanish beside a large one.
const RUN = 64u;

// Call from uniform control flow.
fn row_softmax(lane: u32, row: u32, V: u32) -> RowSoftmax {
  var highest = -3.4028234e38;
  for (var v = lane; v < V; v += WORKGROUP) { highest = max(highest, scaled_logit(row, v)); }
  highest = workgroup_max(lane, highest);

  var mass = 0.0;
  var moment = 0.0; // Σ exp(x) · x, with x = logit − highest
  for (var start = lane; start < V; start += RUN * WORKGROUP) {
    var run_mass = 0.0;
    var run_moment = 0.0;
    let end = min(V, start + RUN * WORKGROUP);
    for (var v = start; v < end; v += WORKGROUP) {
      let x = scaled_logit(row, v) - highest;
      let weight = exp(x);
      run_mass += weight;
      run_moment += weight * x;
    }
    mass += run_mass;
    moment += run_moment;
  }
  mass = workgroup_sum(lane, mass);
  moment = workgroup_sum(lane, moment);
  return RowSoftmax(highest, highest + log(mass), log(mass) - moment / mass);
}
