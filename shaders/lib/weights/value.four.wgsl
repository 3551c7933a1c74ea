// Arrays seen as groups of four elements: a quarter of the loads, stores and index arithmetic.
alias Value = vec4f;
const WIDTH = 4u;

fn sum_of(value: Value) -> f32 { return value.x + value.y + value.z + value.w; }
