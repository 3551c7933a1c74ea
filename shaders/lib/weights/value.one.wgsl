// Arrays seen as single elements. lib/weights/value.four.wgsl has the same names; kernels/weights/valueWidth.ts chooses.
alias Value = f32;
const WIDTH = 1u;

fn sum_of(value: Value) -> f32 { return value; }
