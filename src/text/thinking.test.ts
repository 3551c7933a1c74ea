import { expect, it } from 'vitest';
import { stripThinking } from './thinking';

it.each([
  ['no thinking, spaces kept ', 'no thinking, spaces kept '],
  ['<think>\nwhy\n</think>\n\nBecause.', 'Because.'],
  ['Well. <think>hm</think> Yes.', 'Well.  Yes.'],
  ['<think>never closed', ''],
  ['Yes. <think>never closed', 'Yes.'],
  ['the prompt opened it</think>\nYes.', 'Yes.'],
  ['<think>a</think>One<think>b</think>Two', 'OneTwo'],
  ['<think></think>', ''],
  ['<think>a<think>b</think>c', 'c'],
  ['a</think>b<think>c', 'b'],
])('%j → %j', (text, answer) => {
  expect(stripThinking(text)).toBe(answer);
});
