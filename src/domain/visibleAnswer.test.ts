import { describe, expect, it } from 'vitest';
import { integer } from '../random';
import { visibleAnswer } from './visibleAnswer';

describe('what the grader sees of an answer', () => {
  it.each([
    ['<think>hm</think>\n\nYes.<|im_end|>', 'Yes.'],
    ['<think>never finished', ''],
    ['left over</think> Yes.', 'Yes.'],
    ['a <think>b</think> c <think>d', 'a  c'],
    ['x < 5 and <b> | 3</s>', 'x < 5 and <b> | 3'],
    ['<|im_<|x|>end|>', ''],
    ['a <|im_<|im_<|x|>end|>end|> b', 'a  b'],
    ['<thi<s>nk>secret</th<|x|>ink>Yes.', 'Yes.'],
    ['<|im_<think>a</think>end|>Yes.', 'Yes.'],
    ['good answer</think>', 'good answer'],
    ['good answer</think> \n<|im_end|>', 'good answer'],
    ['good answer</think><think>and more', 'good answer'],
    ['one</think>two</think>\n', 'two'],
    ['<think>a<think>b</think>c', 'c'],
    [
      '<|a tag of more than forty characters is no control token|>',
      '<|a tag of more than forty characters is no control token|>',
    ],
  ])('of %j is %j', (raw, shown) => expect(visibleAnswer(raw)).toBe(shown));

  it('has no tag left, whatever they are made of', () => {
    const parts = [
      '<think>',
      '</think>',
      '<|x|>',
      '<|im_',
      'end|>',
      '<s>',
      '</',
      's>',
      '<thi',
      'nk>',
      '<',
      '>',
      '|>',
      'a',
      ' ',
    ];
    for (let seed = 0; seed < 4000; seed++) {
      const raw = Array.from({ length: 12 }, (_, i) => parts[integer(seed, parts.length, i)]).join('');
      const shown = visibleAnswer(raw);
      expect(shown, raw).not.toMatch(/<\|[\w ./-]{1,40}\|>|<\/?s>|<\/?think>/);
      expect(visibleAnswer(shown), raw).toBe(shown);
    }
  });

  it('takes time linear in the answer', () => {
    for (const part of ['<|im_<|x|>', '<', '>', '<think>', '</think>a', 'a<|x|>']) {
      const started = performance.now();
      visibleAnswer(part.repeat(100_000));
      expect(performance.now() - started, part).toBeLessThan(5000);
    }
  });
});
