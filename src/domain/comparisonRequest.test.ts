import { expect, it } from 'vitest';
import { comparisonRequestSchema, ownExample, typedCriteria } from './comparisonRequest';

it('reads criteria as people type them', () => {
  const text =
    '5 Advises rest\n\n+2.5  Is short \n-8 Names a dose\n− 3 Is rude\nAsks how long\n- Blames the person\n2 days are named';
  expect(typedCriteria(text)).toEqual({
    criteria: [
      { criterion: 'Advises rest', points: 5 },
      { criterion: 'Is short', points: 2.5 },
      { criterion: 'Names a dose', points: -8 },
      { criterion: 'Is rude', points: -3 },
      { criterion: 'Asks how long', points: 1 },
      { criterion: 'Blames the person', points: -1 },
      { criterion: 'days are named', points: 2 },
    ],
    problems: [],
  });
});

it.each([
  ['0 Nothing', /Line 1: points must be from −10 to 10 and not 0/],
  ['ok\n11 Too many', /Line 2: points must be/],
  ['5', /write a criterion after the points/],
  ['5 '.padEnd(3000, 'x'), /at most 2000 characters/],
  [Array.from({ length: 41 }, (_, i) => `c${i}`).join('\n'), /41 criteria; use at most 40/],
])('says what is wrong with %.12s', (text, problem) => {
  expect(typedCriteria(text).problems).toEqual([expect.stringMatching(problem)]);
});

it('takes a prompt of one’s own as an example without tags, and refuses one that is empty or without bounds', () => {
  const own = { kind: 'own' as const, text: ' Why? ', criteria: [{ criterion: 'a', points: 2 }] };
  const request = {
    runId: 'r',
    step: 2,
    prompt: own,
    grader: 'frozen',
    mode: 'verdict',
    maxNewTokens: 16,
    seed: 1,
    first: 'base',
  };
  const parsed = comparisonRequestSchema.parse(request);
  if (parsed.prompt.kind !== 'own') throw new Error('not its own');
  expect(ownExample(parsed.prompt)).toMatchObject({
    prompt: [{ role: 'user', content: 'Why?' }],
    rubrics: [{ criterion: 'a', points: 2, tags: [] }],
  });
  const refused = (change: object) =>
    expect(comparisonRequestSchema.safeParse({ ...request, ...change }).success).toBe(false);
  refused({ prompt: { ...own, text: '  ' } });
  refused({ prompt: { ...own, criteria: [{ criterion: 'a', points: 0 }] } });
  refused({ maxNewTokens: 1e9 });
  refused({ first: 'left' });
});
