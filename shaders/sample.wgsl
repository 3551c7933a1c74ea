// Draws one token per row from softmax(logits / temperature) after, in this order: repetition penalty, temperature,
// top-k, top-p, min-p.
//   score = (log-softmax of the token, entropy), both of logits / temperature over the whole vocabulary: what the update recomputes, which
//   knows neither penalty nor filters
// The draw inverts the cumulative distribution in index order at a random number of (seed of the slot, position of the
// new token). Greedy takes the largest logit, the first of equals. One workgroup per row.

struct Params {
  B: u32,                   // rows in use
  V: u32,                   // vocabulary
  inverse_temperature: f32, // 1 when greedy
  penalty: f32,             // on tokens of the sequence: positive logits are divided by it, others multiplied
  inverse_penalty: f32,
  greedy: u32,
  filtered: u32,            // 1: `cut` holds what top-k and top-p left
  log_min_p: f32,           // far below 0: all
}

@group(0) @binding(0) var<storage, read> logits: array<f32>;      // (B, V)
@group(0) @binding(1) var<storage, read> rowSlot: array<u32>;     // (N)
@group(0) @binding(2) var<storage, read> rowPosition: array<u32>; // (N) of the row's token; the new one comes after it
@group(0) @binding(3) var<storage, read> seed: array<u32>;        // (S)
@group(0) @binding(4) var<storage, read_write> seen: array<u32>;  // (S, ceil(V / 32)) tokens of the sequence, a bit each
@group(0) @binding(5) var<storage, read> cut: array<u32>;         // (B, 2) key, index
@group(0) @binding(6) var<storage, read_write> token: array<u32>; // (B)
@group(0) @binding(7) var<storage, read_write> score: array<f32>; // (B, 2) logprob, entropy
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = grid_index(group);
  if (row >= params.B) { return; } // uniform over the workgroup
  let slot = rowSlot[row];
  seen_start = slot * ((params.V + 31u) / 32u);
  var softmax = row_softmax(lane, row, params.V);
  top = softmax.highest;
  tie_key = order_key(top);
  if (params.filtered == 1u) {
    cut_key = cut[2u * row];
    cut_index = cut[2u * row + 1u];
  }
  floor_logit = top + params.log_min_p;

  let greedy = params.greedy == 1u;
  let u = unit_float(random(vec2u(seed[slot], 0u), vec2u(rowPosition[row] + 1u, 0u)).x);
  let drawn = locate(lane, row, params.V, select(MASS, TIES, greedy), select(u, 0.5, greedy));

  if (params.penalty != 1.0) { // uniform
    penalised = false;
    softmax = row_softmax(lane, row, params.V);
  }
  if (lane == 0u) {
    token[row] = drawn;
    score[2u * row] = scaled_logit(row, drawn) - softmax.lse;
    score[2u * row + 1u] = softmax.entropy;
    if (params.penalty != 1.0) { seen[seen_start + drawn / 32u] |= 1u << (drawn % 32u); }
  }
}
