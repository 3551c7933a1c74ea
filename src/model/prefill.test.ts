import { expect, it } from 'vitest';
import { packSpans } from './prefill';

const tokens = [10, 11, 12, 13, 14];

it('packs spans in order, cutting long ones', () => {
  const spans = [
    { tokens, slot: 1, from: 0, to: 5 },
    { tokens, slot: 2, from: 3, to: 3 },
    { tokens, slot: 0, from: 4, to: 5 },
  ];
  expect(packSpans(spans, 4)).toEqual([
    {
      token: Uint32Array.of(10, 11, 12, 13),
      slot: Uint32Array.of(1, 1, 1, 1),
      position: Uint32Array.of(0, 1, 2, 3),
      ends: [],
    },
    {
      token: Uint32Array.of(14, 14),
      slot: Uint32Array.of(1, 0),
      position: Uint32Array.of(4, 4),
      ends: [
        { span: 0, row: 0 },
        { span: 2, row: 1 },
      ],
    },
  ]);
});

it('makes no empty pass', () => {
  expect(packSpans([{ tokens, slot: 0, from: 5, to: 5 }], 4)).toEqual([]);
  expect(packSpans([{ tokens, slot: 0, from: 1, to: 5 }], 4)).toHaveLength(1);
});
