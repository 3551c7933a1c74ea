/** (norm, clip scale, finite, 0) as torch.nn.utils.clip_grad_norm_ over all gradients together. */
export function gradNormForward(grads: readonly Float64Array[], maxGradNorm: number): [number, number, number, number] {
  let square = 0;
  for (const grad of grads) for (const value of grad) square += value * value;
  const norm = Math.sqrt(square);
  if (!Number.isFinite(norm)) return [norm, 0, 0, 0];
  return [norm, Math.min(1, maxGradNorm / (norm + 1e-6)), 1, 0];
}
