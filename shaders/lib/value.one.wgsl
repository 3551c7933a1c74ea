// Arrays seen as single elements. lib/value.four.wgsl has the same names; kernels/valueWidth.ts chooses.
alias Value = f32;
const WIDTH = 1u;

fn sum_of(value: Value) -> f32 { return value; }
