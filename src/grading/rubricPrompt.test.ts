import { describe, expect, it } from 'vitest';
import { readRubric, rubricPrompt, WRITTEN_TAG } from './rubricPrompt';

const reply = (...items: unknown[]) => JSON.stringify({ rubric: items });
const rest = { criterion: 'Advises rest', points: 5 };
const wine = { criterion: 'Recommends wine', points: -6 };
const failure = (text: string) => (readRubric(text, 6) as { failure: string }).failure;

describe('a written rubric', () => {
  it('is read from JSON, fenced and with text around it, and marked as written', () => {
    const tags = [WRITTEN_TAG];
    const rubric = [
      { ...rest, tags },
      { ...wine, tags },
    ];
    expect(readRubric(reply(rest, wine), 6)).toEqual({ rubric });
    const fenced = `<think>{"rubric": []}</think>Here it is:\n\`\`\`json\n${reply(rest, wine)}\n\`\`\`\nDone.`;
    expect(readRubric(fenced, 6)).toEqual({ rubric });
    expect(
      readRubric('{"rubric": [{"criterion": "Advises\nrest", "points": 5}, {"criterion": "bed", "points": -1},]}', 6),
    ).toMatchObject({
      rubric: [{ criterion: 'Advises rest' }, { points: -1 }],
    });
  });

  it('loses criteria that cannot be used, and those over the number asked for', () => {
    const bad = [
      { criterion: 'no points' },
      { criterion: 'zero', points: 0 },
      { criterion: 'half', points: 1.5 },
      { criterion: 'eleven', points: 11 },
      { criterion: 'text', points: '5' },
      { criterion: '', points: 5 },
      { criterion: 'x'.repeat(301), points: 5 },
      { criterion: 'advises  rest.', points: 2 },
      'Advises sleep',
      null,
    ];
    const read = readRubric(reply(rest, ...bad, wine, { criterion: 'Advises water', points: 3 }), 2);
    expect(read).toMatchObject({ rubric: [rest, wine] });
    expect((read as { rubric: unknown[] }).rubric).toHaveLength(2);
  });

  it('is refused with the reason', () => {
    expect(failure('I cannot')).toMatch(/no list "rubric"/);
    expect(failure('{"rubric": "rest"}')).toMatch(/no list "rubric"/);
    expect(failure('<think> hm')).toMatch(/still thinking/);
    expect(failure(reply(rest))).toMatch(/only 1 of the criteria/);
    expect(failure(reply(wine, { criterion: 'Recommends beer', points: -2 }))).toMatch(/positive points/);
  });
});

it('asks with the conversation last, so that a run shares the instructions', () => {
  const [message] = rubricPrompt([{ role: 'user', content: 'My head hurts' }], 7);
  expect(message!.content).toMatch(/Write 7 criteria/);
  expect(message!.content.endsWith('# Conversation\n\nuser: My head hurts')).toBe(true);
});
