// Activations that a matrix product reads one by one.
alias Activation = f32;
