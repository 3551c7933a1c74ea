// advance, from advance.wgsl
// pipeline: no settings

// Between two decoding steps: the sampled tokens go into the history and become the next step's rows.
//   history[step, b] = (token, logprob, entropy)
// A row that ends, by a stop token or at its limit, stays where it is: later steps only repeat its last one, in its own
// block of the cache. One invocation per row.

struct Params {
  B: u32,    // rows in use
  S: u32,    // rows of history
  step: u32,
}

@group(0) @binding(0) var<storage, read> token: array<u32>;             // (S)
@group(0) @binding(1) var<storage, read> score: array<f32>;             // (S, 2) logprob, entropy
@group(0) @binding(2) var<storage, read> stop: array<u32>;              // (ceil(V / 32)) tokens that end a row, a bit each
@group(0) @binding(3) var<storage, read_write> limit: array<u32>;       // (S) position of the last token a row may get; 0 once it has ended
@group(0) @binding(4) var<storage, read_write> rowToken: array<u32>;    // (N)
@group(0) @binding(5) var<storage, read_write> rowPosition: array<u32>; // (N)
@group(0) @binding(6) var<storage, read_write> history: array<u32>;     // (steps, S, 3), floats as their bits
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  if (b >= params.B) { return; }
  let sampled = token[b];
  let at = 3u * (params.step * params.S + b);
  history[at] = sampled;
  history[at + 1u] = bitcast<u32>(score[2u * b]);
  history[at + 2u] = bitcast<u32>(score[2u * b + 1u]);

  let next = rowPosition[b] + 1u;
  let stopped = ((stop[sampled / 32u] >> (sampled % 32u)) & 1u) == 1u;
  if (stopped || next >= limit[b]) {
    limit[b] = 0u;
  } else {
    rowToken[b] = sampled;
    rowPosition[b] = next;
  }
}
