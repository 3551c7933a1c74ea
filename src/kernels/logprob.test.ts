import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { worstError } from '../reference/gradientCheck';
import { logprobBackward, logprobForward } from '../reference/logprob';
import { logprob } from './logprob';

const f64 = (a: Float32Array) => Float64Array.from(a);
const tolerance = { atol: 1e-5, rtol: 1e-5 };

// V below, at and above the workgroup of either kind of adapter, and that of Qwen3.
it.each([
  [1, 1, 1, 0],
  [3, 7, 0.7, 0.3],
  [2, 8, 1, 0],
  [5, 257, 2, 0.05],
  [3, 2049, 0.25, 0.3],
  [2, 151936, 1, 0.3],
])('matches the reference at M=%i V=%i, temperature %d, entropy bonus %d', async (M, V, temperature, bonus) => {
  const gpu = await testGpu();
  const op = await logprob(gpu);
  const logits = seeded(M * V, 1).map((x) => 4 * x);
  if (M > 1) logits[V + 1] = 30; // one row that is nearly certain, with a long tail
  if (M > 2) for (let v = 0; v < V; v++) logits[v]! -= 110 * temperature; // one whose exponentials would all be 0
  const target = Uint32Array.from({ length: M }, (_, m) => (m === 1 ? 1 : (V - 1) * (m % 2)) % V);
  const coefficient = seeded(M, 3).map((x, m) => (m === 2 ? 0 : x));
  const weight = seeded(M, 4).map((x, m) => (m === 4 ? 0 : x));
  const Q = 3;
  const candidate = Uint32Array.of(0, V - 1, Math.floor(V / 2));
  const t = {
    logits: guarded(gpu, 'logits', [M, V], logits),
    target: gpu.tensor('target', [M], target),
    logprob: guarded(gpu, 'logprob', [M], poison(M)),
    lse: guarded(gpu, 'lse', [M], poison(M)),
    entropy: guarded(gpu, 'entropy', [M], poison(M)),
    coefficient: gpu.tensor('coefficient', [M], coefficient),
    weight: gpu.tensor('weight', [M], weight),
    candidate: gpu.tensor('candidate', [Q], candidate),
    scores: guarded(gpu, 'scores', [M, Q], poison(M * Q)),
  };
  op.forward(gpu.recorder, t, { temperature });
  op.candidates(gpu.recorder, { logits: t.logits, candidate: t.candidate, logprob: t.scores });
  expect(await readGuarded(gpu, t.logits)).toEqual(logits);
  op.backward(gpu.recorder, t, { temperature, bonus });

  const want = logprobForward(f64(logits), target, temperature);
  const scores = Array.from({ length: M * Q }, (_, i) => {
    const m = Math.floor(i / Q);
    const row = f64(logits.subarray(m * V, (m + 1) * V));
    return logprobForward(row, [candidate[i % Q]!], 1).logprob[0]!;
  });
  const dlogits = logprobBackward(f64(logits), target, want.lse, f64(coefficient), temperature, {
    entropy: want.entropy,
    rowWeight: weight,
    weight: bonus,
  });
  const checks = [
    [t.logprob, want.logprob],
    [t.lse, want.lse],
    [t.entropy, want.entropy],
    [t.scores, scores],
    [t.logits, dlogits],
  ] as const;
  for (const [tensor, expected] of checks) {
    const worst = worstError(await readGuarded(gpu, tensor), expected, tolerance);
    expect(worst.ratio, `${tensor.label} ${JSON.stringify(worst)}`).toBeLessThan(1);
  }
});

it('gives zero gradient for coefficient 0, and leaves rows beyond `rows` alone', async () => {
  const gpu = await testGpu();
  const op = await logprob(gpu);
  const [M, V] = [3, 9];
  const logits = seeded(M * V, 1).fill(Number.NaN, 0, V);
  const outputs = { logprob: poison(M), lse: poison(M), entropy: poison(M) };
  const t = {
    logits: guarded(gpu, 'logits', [M, V], logits),
    target: gpu.tensor('target', [M], new Uint32Array(M)),
    logprob: guarded(gpu, 'logprob', [M], outputs.logprob),
    lse: guarded(gpu, 'lse', [M], outputs.lse),
    entropy: guarded(gpu, 'entropy', [M], outputs.entropy),
    coefficient: gpu.tensor('coefficient', [M], Float32Array.of(0, 1, 1)),
    weight: gpu.tensor('weight', [M], Float32Array.of(0, 1, 1)),
  };
  op.forward(gpu.recorder, t, { rows: 2, temperature: 1 });
  op.backward(gpu.recorder, t, { rows: 2, temperature: 1, bonus: 0.5 });
  const got = await readGuarded(gpu, t.logits);
  expect([...got.subarray(0, V)]).toEqual(new Array(V).fill(0));
  expect([...got.subarray(2 * V)]).toEqual([...logits.subarray(2 * V)]);
  expect((await readGuarded(gpu, t.lse))[2]).toBeNaN();
});

it('lets a NaN logit show', async () => {
  const gpu = await testGpu();
  const op = await logprob(gpu);
  const t = {
    logits: gpu.tensor('logits', [1, 9], seeded(9, 1).fill(Number.NaN, 4, 5)),
    target: gpu.tensor('target', [1], new Uint32Array(1)),
    logprob: gpu.tensor('logprob', [1]),
    lse: gpu.tensor('lse', [1]),
    entropy: gpu.tensor('entropy', [1]),
  };
  op.forward(gpu.recorder, t, { temperature: 1 });
  expect((await gpu.readF32(t.logprob))[0]).toBeNaN();
});
