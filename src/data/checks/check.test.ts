import { describe, expect, it } from 'vitest';
import { type Check, checkSchema, checkText } from '../../domain/check';
import { runCheck } from './check';

const met = (check: unknown, answer: string): boolean => runCheck(checkSchema.parse(check) as Check, answer).met;
const any = (...phrases: string[]) => ({ kind: 'contains', any: phrases });

describe('phrases', () => {
  it.each([
    ['call 911', 'Please CALL  911 now.', true],
    ['call 911', 'Recall 911 times.', false],
    ['call 911', 'We call. 911 answers.', false],
    ["don't wait", 'Don’t wait until morning', true],
    ['follow-up', 'Book a follow up visit.', true],
    ['ring|call|phone emergency', 'Phone emergency services', true],
    ['ring|call|phone emergency', 'Text emergency services', false],
    ['hydrat*', 'Stay hydrated!', true],
    ['hydrat*', 'Dehydration is a risk.', false],
    ['*hydrat*', 'Dehydration is a risk.', true],
    ['a*b*c', 'axxbyyc', true],
    ['a*a', 'a', false],
    ['# mg|milligrams', 'Take 500mg.', true],
    ['# mg|milligrams', 'Take 2.5 milligrams twice', true],
    ['# mg|milligrams', 'Many mg of it', false],
    ['do not … antibiotics', 'Do not take any leftover antibiotics.', true],
    ['do not ... antibiotics', 'Do not take one two three four five antibiotics.', false],
    ['do not ... antibiotics', 'Do not worry. Take antibiotics.', false],
  ])('%j in %j: %s', (phrase, answer, has) => {
    expect(met(any(phrase), answer)).toBe(has);
    expect(met({ kind: 'notContains', any: [phrase] }, answer)).toBe(!has);
  });

  it('needs one of any and all of all', () => {
    const phrases = ['water', 'rest'];
    expect(met(any(...phrases), 'Rest.')).toBe(true);
    expect(met({ kind: 'contains', all: phrases }, 'Rest.')).toBe(false);
    expect(met({ kind: 'contains', all: phrases }, 'Rest and drink water.')).toBe(true);
  });

  it('stays linear where a regular expression would not', () => {
    const started = performance.now();
    const phrase = `${'a* '.repeat(60)}b`.trim();
    expect(met(any(phrase), 'aaaa '.repeat(20_000))).toBe(false);
    expect(met(any(`${'*a'.repeat(80)}*b`), 'a'.repeat(100_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(4000);
  });
});

describe('counts', () => {
  const list = '1. Cool the burn.\n2. Cover it, e.g. with film.\n- Call Dr. Lee if it blisters!\n\nTake care';
  it.each([
    ['words', 'Do not panic: 2.5 ml is fine.', 7],
    ['sentences', list, 4],
    ['items', list, 3],
    ['characters', 'né ✓', 4],
    ['words', '', 0],
    ['sentences', '...', 0],
  ])('counts %s', (kind, answer, counted) => {
    expect(met({ kind, least: counted, most: counted }, answer)).toBe(true);
    expect(met({ kind, least: counted + 1 }, answer)).toBe(false);
    if (counted > 0) expect(met({ kind, most: counted - 1 }, answer)).toBe(false);
  });
});

describe('JSON', () => {
  const schema = {
    type: 'object',
    properties: { steps: { type: 'array', items: { type: 'string' }, minItems: 2 }, urgent: { type: 'boolean' } },
    required: ['steps', 'urgent'],
    additionalProperties: false,
  };
  it.each([
    ['{"steps":["a","b"],"urgent":true}', true],
    ['```json\n{"steps":["a","b"],"urgent":false}\n```', true],
    ['Here: {"steps":["a","b"],"urgent":true}', false],
    ['{"steps":["a"],"urgent":true}', false],
    ['{"steps":["a","b"],"urgent":true,"more":1}', false],
    ['{"steps":["a","b"]}', false],
  ])('%j', (answer, fits) => {
    expect(met({ kind: 'json', schema }, answer)).toBe(fits);
  });

  it('needs no schema', () => {
    expect([met({ kind: 'json' }, '[1]'), met({ kind: 'json' }, '[1')]).toEqual([true, false]);
  });
});

it('says in words what it checks and what it found', () => {
  const check = checkSchema.parse({ kind: 'words', most: 60 });
  expect(checkText(check)).toBe('at most 60 words');
  expect(runCheck(check, 'one two')).toEqual({ met: true, reason: 'Counted 2.' });
  expect(checkText(checkSchema.parse({ kind: 'items', least: 3 }))).toBe('at least 3 list items');
  expect(checkText(checkSchema.parse(any('a', 'b')))).toBe('contains “a” or “b”');
  expect(runCheck(checkSchema.parse({ kind: 'contains', all: ['a', 'b'] }), 'a')).toEqual({
    met: false,
    reason: 'Lacks “b”.',
  });
});

it.each(
  [
    { kind: 'matches', pattern: '(a+)+$' },
    { kind: 'words' },
    { kind: 'words', least: 3, most: 2 },
    { kind: 'words', most: -1 },
    { kind: 'words', most: 1.5 },
    { kind: 'words', most: 60, unit: 'lines' },
    any(),
    any(''),
    any('...'),
    any('call ...'),
    any('a|'),
    any('(a+)+'),
    any('x'.repeat(201)),
    any(...new Array(51).fill('a')),
    { kind: 'json', schema: { type: 'string', pattern: '(a+)+$' } },
    { kind: 'json', schema: { $ref: 'https://example.org' } },
    { kind: 'json', schema: { properties: { a: { anyOf: [{ format: 'email' }] } } } },
    { kind: 'json', schema: { type: 'text' } },
    { kind: 'json', schema: Array.from({ length: 30 }).reduce((inner) => ({ items: inner }), {}) },
    { kind: 'json', schema: { title: 'x'.repeat(10_000) } },
  ].map((check) => [JSON.stringify(check).slice(0, 80), check] as const),
)('refuses %s', (_, check) => {
  expect(checkSchema.safeParse(check).success).toBe(false);
});
