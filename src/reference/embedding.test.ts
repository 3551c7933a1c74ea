import { expect, it } from 'vitest';
import { embeddingBackward, embeddingForward } from './embedding';
import { numericGradient, worstError } from './gradientCheck';

const seeded = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1) + seed) * 1.7);

it('backward is the derivative of forward, repeated tokens included', () => {
  const [C, V] = [3, 5];
  const token = [4, 0, 4, 2];
  const table = seeded(C * V, 1);
  const dx = seeded(token.length * C, 2);
  const loss = () => embeddingForward(token, table, C).reduce((sum, x, i) => sum + x * dx[i]!, 0);

  const dtable = new Float64Array(C * V);
  embeddingBackward(dx, token, dtable);
  expect(worstError(dtable, numericGradient(loss, table), { atol: 1e-8, rtol: 1e-7 }).ratio).toBeLessThan(1);
});
