import { expect, it } from 'vitest';
import { CARD, QWEN3_06B, recipeOf } from '../../bench/shapes';
import { recipeSchema } from '../domain/recipe/recipe';
import { memoryPlan, sizesOf } from './plan';

const input = (answers: number) => ({
  model: QWEN3_06B,
  run: recipeSchema.parse(recipeOf(answers)),
  facts: CARD,
  graderTokens: 400,
  writerTokens: 0,
});
const bf16 = { projections: 'bf16', embedding: 'bf16' } as const;

it.each([32, 512])('plans Qwen3-0.6B with %i answers a step in at most 2.5 GB', (answers) => {
  expect(memoryPlan(input(answers), bf16).bytes).toBeLessThan(2.5e9);
});

it('holds the head and its logits in 64 MB, and two of the longest sequences in the cache', () => {
  const { headRows, cacheBlocks, sequence } = sizesOf(input(512));
  expect(4 * headRows * (QWEN3_06B.vocabulary + 2 * QWEN3_06B.channels)).toBeLessThan(64e6);
  expect(16 * cacheBlocks).toBeGreaterThan(2 * sequence);
});
