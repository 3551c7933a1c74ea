import { expect, it } from 'vitest';
import { stressTexts } from './stressTexts';

const beginnings = (pattern: string) => stressTexts([pattern]).map((text) => text.slice(0, 6));

it('repeats what the parts of a pattern match, also together, and what must come before', () => {
  expect(beginnings('x(?:ab)*(?:ab)*c')).toContain('xababa');
  expect(beginnings('[bc]*[cd]*[0-9]')).toContain('cccccc');
  expect(beginnings('\\u0416+!')).toContain('Ж'.repeat(6));
  expect(beginnings('q|yz\\d+')).toContain('yz0000');
});

it('has nothing for a pattern without repetition, and a bounded number for any', () => {
  expect(stressTexts(['a|b', '\\p{N}{1,3}', '('])).toEqual([]);
  const many = Array.from({ length: 99 }, (_, i) => `${String.fromCodePoint(0x4e00 + i)}+`);
  expect(stressTexts(many).length).toBeLessThan(50);
});
