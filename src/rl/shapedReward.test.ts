import { describe, expect, it } from 'vitest';
import { klTerm } from '../reference/grpoLoss';
import { charactersPenalty, klOfAnswer, overlongPenalty } from './shapedReward';

describe('penalties', () => {
  it('fall over the last tokens, and are even around the centre', () => {
    const soft = { overlongTokens: 4, overlongPenalty: 0.5 };
    expect([6, 16, 17, 18, 20, 25].map((tokens) => overlongPenalty(tokens, 20, soft))).toEqual([
      0, 0, 0.125, 0.25, 0.5, 0.5,
    ]);
    expect(overlongPenalty(20, 20, { ...soft, overlongTokens: 0 })).toBe(0);
    const professional = { per500Characters: 0.0147, centreCharacters: 2000 };
    expect(charactersPenalty(2500, professional)).toBeCloseTo(0.0147, 12);
    expect(charactersPenalty(0, professional)).toBeCloseTo(-4 * 0.0147, 12);
  });

  it('estimate KL as the loss does', () => {
    for (const kind of ['k1', 'k2', 'k3', 'lowVar'] as const) {
      const wanted = klTerm(kind, -0.5).value + klTerm(kind, 1).value + klTerm(kind, -4).value;
      expect(klOfAnswer(kind, [-1, -1, -5], [-0.5, -2, -1])).toBeCloseTo(wanted, 12);
    }
  });
});
