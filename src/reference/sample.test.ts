import { expect, it } from 'vitest';
import { type SampleOptions, sampleReference } from './sample';

const plain: SampleOptions = { temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 };
const none = new Set<number>();
const logits = Float32Array.from([0.4, 0.3, 0.2, 0.1].map(Math.log));
const kept = (options: Partial<SampleOptions>, row = logits) =>
  sampleReference(row, none, { ...plain, ...options }, 0).kept;

it('keeps what each filter says', () => {
  expect(kept({})).toEqual([0, 1, 2, 3]);
  expect(kept({ topK: 2 })).toEqual([0, 1]);
  expect(kept({ topP: 0.65 })).toEqual([0, 1]);
  expect(kept({ topP: 0.75 })).toEqual([0, 1, 2]);
  expect(kept({ minP: 0.45 })).toEqual([0, 1, 2]);
  // Top-p acts on what top-k left: 0.4 / 0.7 alone reaches 0.55.
  expect(kept({ topK: 2, topP: 0.55 })).toEqual([0]);
  expect(kept({ topP: 0.55 })).toEqual([0, 1]);
});

it('takes the first of equals', () => {
  const ties = Float32Array.of(0, 1, 1, 1, 0);
  expect(kept({ topK: 2 }, ties)).toEqual([1, 2]);
  expect(sampleReference(ties, none, { ...plain, temperature: 0 }, 0.9).token).toBe(1);
});

it('inverts the cumulative distribution in index order', () => {
  const draw = (u: number) => sampleReference(logits, none, plain, u).token;
  expect([0, 0.39, 0.41, 0.69, 0.71, 0.89, 0.91, 0.9999999].map(draw)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
});

it('reports logprob and entropy of the whole vocabulary whatever the filters', () => {
  const { logprob, entropy } = sampleReference(logits, none, { ...plain, topK: 1 }, 0.5);
  expect(logprob).toBeCloseTo(Math.log(0.4), 6);
  expect(entropy).toBeCloseTo(-[0.4, 0.3, 0.2, 0.1].reduce((sum, p) => sum + p * Math.log(p), 0), 6);
});

it('penalises repeated tokens on both sides of zero, and reports logprobs without the penalty', () => {
  const row = Float32Array.of(2, 1.5, -1, -1.5);
  const penalised = (seen: number[]) =>
    sampleReference(row, new Set(seen), { ...plain, temperature: 0, repetitionPenalty: 2 }, 0);
  expect(penalised([0]).token).toBe(1);
  expect(penalised([0]).logprob).toBeCloseTo(
    1.5 - Math.log(Math.exp(2) + Math.exp(1.5) + Math.exp(-1) + Math.exp(-1.5)),
    6,
  );
  expect(penalised([0, 1]).token).toBe(0);
});
