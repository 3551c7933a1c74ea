// 1 / (1 + e^−x), written so that no intermediate overflows.
fn sigmoid(x: Value) -> Value {
  let e = exp(-abs(x));
  return select(e, Value(1.0), x >= Value(0.0)) / (1.0 + e);
}
