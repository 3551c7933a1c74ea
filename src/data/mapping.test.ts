import { describe, expect, it } from 'vitest';
import { parseMapping } from './mapping';
import { parseRow } from './row';

const map = (fields: object, mapping: string) => parseRow(JSON.stringify(fields), parseMapping(mapping));

describe('a column mapping', () => {
  it('reads a rubric of objects behind a path, and messages', () => {
    const row = map(
      {
        uid: 7,
        chat: [{ role: 'user', content: 'Is tea good?' }],
        reward: {
          rubrics: [
            { title: 'Says yes', weight: 2 },
            { title: 'Rude', weight: -1 },
          ],
        },
        answer: 'Yes.',
      },
      'prompt=chat,rubric=reward.rubrics,criterion=title,points=weight,id=uid,ideal=answer',
    );
    expect(row).toMatchObject({
      kind: 'example',
      healthBench: false,
      example: {
        promptId: '7',
        prompt: [{ role: 'user', content: 'Is tea good?' }],
        rubrics: [
          { criterion: 'Says yes', points: 2, tags: [] },
          { criterion: 'Rude', points: -1, tags: [] },
        ],
        idealCompletion: 'Yes.',
      },
    });
  });

  it('reads a question as text and a rubric as JSON text; a bare criterion counts one point', () => {
    const fields = { q: 'Why?', r: JSON.stringify(['Explains', { criterion: 'Cites', points: '3' }]) };
    const row = map(fields, 'prompt=q,rubric=r');
    expect(row).toMatchObject({ example: { rubrics: [{ criterion: 'Explains', points: 1 }, { points: 3 }] } });
    const pointless = map({ q: 'Why?', r: [{ criterion: 'Explains' }] }, 'prompt=q,rubric=r');
    expect(pointless).toMatchObject({ example: { rubrics: [{ criterion: 'Explains', points: 1 }] } });
    const again = map({ ...fields, other: 1 }, 'prompt=q,rubric=r');
    expect(row.kind === 'example' && again.kind === 'example' && row.example.promptId).toMatch(/^row-[0-9a-f]{16}$/);
    expect(row.kind === 'example' && row.example.promptId).toBe(again.kind === 'example' && again.example.promptId);
  });

  it.each([
    [{ r: ['a'] }, 'missing field prompt'],
    [{ q: 'x' }, 'missing field rubrics'],
    [{ q: 'x', r: 'no list' }, 'rubrics'],
    [{ q: 'x', r: [{ points: 1 }] }, 'missing field rubrics[0].criterion'],
    [{ q: 'x', r: [{ criterion: 'a', points: 'many' }] }, 'rubrics[0].points'],
    [{ q: 'x', r: [{ criterion: 'a', points: 0 }] }, 'rubrics[0].points is 0'],
    [{ q: [{ role: 'robot', content: '' }], r: ['a'] }, 'unknown role "robot"'],
  ])('refuses %j by reason', (fields, reason) => {
    expect(map(fields, 'prompt=q,rubric=r')).toMatchObject({ kind: 'bad', reason: expect.stringContaining(reason) });
  });

  it.each([
    ['prompt', 'is not name=column'],
    ['=a', 'is not name=column'],
    ['prompt=a', 'rubric'],
    ['prompt=a,rubric=b,colour=c', 'the names are prompt'],
    ['prompt=a..b,rubric=c', 'is not a path'],
  ])('%s is no mapping', (text, message) => {
    expect(() => parseMapping(text)).toThrow(message);
  });

  it('does not reach what only prototypes have', () => {
    expect(map({ q: 'x' }, 'prompt=constructor.name,rubric=q')).toMatchObject({ kind: 'bad' });
    expect(map({ q: 'x', r: ['a'] }, 'prompt=q,rubric=r,id=constructor')).toMatchObject({
      example: { promptId: expect.stringMatching(/^row-/) },
    });
  });
});
