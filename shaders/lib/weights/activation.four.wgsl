// Activations that a matrix product reads in fours: a quarter of the loads. Where a row isn't a multiple of four long,
// fours go across rows, and element i is x[i / 4][i % 4].
alias Activation = vec4f;

const FOUR = vec4u(0u, 1u, 2u, 3u);
