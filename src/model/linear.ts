import type { Recorder } from '../gpu/recorder';
import type { Tensor } from '../gpu/tensor';
import type { Linear } from './network';
import type { Ops } from './ops';

/**
 * y (N, out) (+)= x (N, in) · W, plus the bias, and the adapter's share when it is on. Leaves x · A in t (N, R) for
 * the backward pass.
 */
export function linearForward(
  ops: Ops,
  to: Recorder,
  { weight, adapter, bias }: Linear,
  { x, y, t }: { x: Tensor; y: Tensor; t: Tensor | null },
  { rows, accumulate = false, adapterOn }: { rows: number; accumulate?: boolean; adapterOn: boolean },
): void {
  ops.gemm.forward(to, { x, y }, weight, { rows, accumulate });
  if (bias) ops.bias.forward(to, { bias: bias.weight, y }, { rows });
  if (!adapter || !adapterOn || !t) return;
  ops.gemm.forward(to, { x, y: t }, adapter.a, { rows });
  ops.gemm.forward(to, { x: t, y }, adapter.b, { rows, accumulate: true, alpha: adapter.scale });
}

/** dx (N, in) (+)= dy · Wᵀ, plus the adapter's share; adds to the gradients of whatever of the matrix is trained. */
export function linearBackward(
  ops: Ops,
  to: Recorder,
  { weight, dweight, adapter, bias }: Linear,
  { dy, x, dx, t, dt }: { dy: Tensor; x: Tensor; dx: Tensor; t: Tensor | null; dt: Tensor | null },
  { rows, accumulate = false }: { rows: number; accumulate?: boolean },
): void {
  if (adapter && t && dt) {
    ops.gemm.weightGrad(to, { x: t, dy }, adapter.db, { rows, alpha: adapter.scale });
    ops.gemm.inputGrad(to, { dy, dx: dt }, adapter.b, { rows, alpha: adapter.scale });
    ops.gemm.weightGrad(to, { x, dy: dt }, adapter.da, { rows });
  }
  if (bias?.dweight) ops.bias.backward(to, { dy, dbias: bias.dweight }, { rows });
  if (dweight) ops.gemm.weightGrad(to, { x, dy }, dweight, { rows });
  ops.gemm.inputGrad(to, { dy, dx }, weight, { rows, accumulate });
  if (adapter && dt) ops.gemm.inputGrad(to, { dy: dt, dx }, adapter.a, { rows, accumulate: true });
}
