// A logit after repetition penalty, where `penalised` is true, and temperature. The shader that includes this binds
// logits and seen, and sets seen_start to the first word of the row's bitset.

var<private> seen_start: u32;
var<private> penalised: bool = true;

fn scaled_logit(row: u32, v: u32) -> f32 {
  var logit = logits[row * params.V + v];
  if (penalised && params.penalty != 1.0 && ((seen[seen_start + v / 32u] >> (v % 32u)) & 1u) == 1u) {
    logit *= select(params.penalty, params.inverse_penalty, logit > 0.0);
  }
  return logit * params.inverse_temperature;
}
