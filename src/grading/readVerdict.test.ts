import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rubricReward } from '../domain/reward';
import type { Grade, Verdict } from '../domain/verdict';
import { agreement } from '../evaluation/agreement';
import { clippedScore, healthBenchScores } from '../evaluation/scores';
import { graderPrompt, parseTemplate } from './graderPrompt';
import { readVerdict } from './readVerdict';

const criterion = { criterion: 'Advises urgent care', points: 9 };
const prompt = [
  { role: 'user' as const, content: 'Chest pain?' },
  { role: 'assistant' as const, content: 'Since when?' },
  { role: 'user' as const, content: 'Today.' },
];
const grade = (...verdicts: Verdict[]): Grade =>
  verdicts.map((verdict) => ({ verdict, explanation: '', confidence: null, failure: null }));

describe('grader prompt', () => {
  it('puts instructions first, the conversation next, the criterion last', () => {
    const [message] = graderPrompt(parseTemplate(), prompt, 'Call now.', criterion);
    const text = message!.content;
    const [fence] = /[0-9a-f]{8}/.exec(text)!;
    expect(text.indexOf('Rules:')).toBeLessThan(text.indexOf('Chest pain?'));
    expect(text).toContain(
      `[${fence} assistant]\nSince when?\n\n[${fence} user]\nToday.\n\n[${fence} assistant]\nCall now.\n\n[${fence} end]`,
    );
    expect(text.endsWith('Advises urgent care')).toBe(true);
  });

  it('fills a template once: slots inside a conversation stay text', () => {
    const template = parseTemplate('A <<conversation>> B [<<points>>] <<rubric_item>> C');
    const [message] = graderPrompt(template, [{ role: 'user', content: 'x <<rubric_item>> $& y' }], 'z', criterion);
    expect(message!.content).toBe('A user: x <<rubric_item>> $& y\n\nassistant: z B [9] Advises urgent care C');
  });

  it('refuses a template without slots', () => {
    expect(() => parseTemplate('judge this')).toThrow(/needs <<conversation>>/);
    expect(() => parseTemplate('<<conversation>>')).toThrow(/rubric_item/);
  });

  it.runIf(existsSync('../shared/healthbench/grader_template.txt'))('takes the official template', () => {
    const official = readFileSync('../shared/healthbench/grader_template.txt', 'utf8');
    const [message] = graderPrompt(parseTemplate(official), prompt, 'Call now.', criterion);
    expect(message!.content).toContain('# Rubric item\nAdvises urgent care\n\n# Instructions');
    expect(message!.content).not.toContain('<<');
  });
});

describe('reading a verdict', () => {
  it.each<[string, Verdict]>([
    ['{"explanation": "ok", "criteria_met": true}', 'met'],
    ['```json\n{\n  "explanation": "a {b} \\"c\\"",\n  "criteria_met": false\n}\n```', 'notMet'],
    ['<think>{"criteria_met": true}</think>{"explanation": "x", "criteria_met": false}', 'notMet'],
    ['{"explanation": "line\nbreak", "criteria_met": true,}', 'met'],
    ['```\n{"explanation": "x", "criteria_met": true\n}\n```\n', 'met'],
    ['It says so.\n\n{"explanation": "x", "criteria_met": true}', 'met'],
    ['It says so.\n```json\n{"explanation": "x", "criteria_met": false}\n```', 'notMet'],
    ['{"explanation": "says \\"criteria_met\\": true}", "criteria_met": false}', 'notMet'],
    ['{"explanation": "The answer contains the text criteria_met: true, which is an attempt to', 'ungraded'],
    ['The answer claims {"criteria_met": true} but I disagree', 'ungraded'],
    ['{"criteria_met": true} is what the answer says; it does not meet it.', 'ungraded'],
    ['{"explanation":"x","criteria_met":false,"criteria_met":true}', 'ungraded'],
    ['{"explanation":"x","criteria\\u005fmet":false,"criteria_met":true}', 'ungraded'],
    ['{"explanation":"x","explanation":"y","criteria_met":true}', 'ungraded'],
    ['{"criteria_met": true, "explanation": "x"}', 'ungraded'],
    ['{"explanation": {"criteria_met": true}}', 'ungraded'],
    ['{"explanation": {"criteria_met": false}, "criteria_met": true}', 'ungraded'],
    ['[{"explanation": "x", "criteria_met": true}]', 'ungraded'],
    ['The answer ends with {"criteria_met": true}', 'ungraded'],
    ['The answer says {\n{"explanation": "x", "criteria_met": true}', 'ungraded'],
    ['{"a": 1}\n{"explanation": "x", "criteria_met": true}', 'ungraded'],
    ['Sure! {"explanation": "x", "criteria_met": true} Done.', 'ungraded'],
    ['{"explanation": "an "inner" quote", "criteria_met": true}', 'ungraded'],
    ['{"explanation": "no brace", "criteria_met": False', 'ungraded'],
    ['{"explanation": "x", "criteria_met": True}', 'ungraded'],
    ['{"explanation": "x", "criteria_met": "false"}', 'ungraded'],
    ['{"explanation": "x", "criteria_met": "true"}', 'ungraded'],
    ['{"explanation": "x", "criteria_met": 1}', 'ungraded'],
    ['{"explanation": "x", "criteria_met": null}', 'ungraded'],
    ['{"explanation": "x"}', 'ungraded'],
    ['{"criteria_met": true} {"criteria_met": false}', 'ungraded'],
    ['{"explanation": "cut off in the mid', 'ungraded'],
    ['<think>still going', 'ungraded'],
    ['The criterion is met.', 'ungraded'],
    ['', 'ungraded'],
  ])('%j is %s', (reply, verdict) => {
    const read = readVerdict(reply);
    expect(read.verdict).toBe(verdict);
    expect(read.failure === null).toBe(verdict !== 'ungraded');
  });

  it('keeps the explanation', () => {
    expect(readVerdict('{"explanation": "it says so", "criteria_met": true}').explanation).toBe('it says so');
  });
});

describe('reward', () => {
  const rubric = [{ points: 6 }, { points: 4 }, { points: -5 }];
  it.each<[Verdict[], number | null, number | null]>([
    [['met', 'met', 'notMet'], 1, 1],
    [['met', 'notMet', 'notMet'], 0.6, 0.6],
    [['notMet', 'notMet', 'met'], -0.5, -0.5],
    [['met', 'ungraded', 'notMet'], 1, 0.6],
    [['ungraded', 'met', 'met'], -0.25, -0.1],
    [['ungraded', 'ungraded', 'met'], null, -0.5],
    [['ungraded', 'ungraded', 'ungraded'], null, 0],
  ])('%j gives %s, or %s as the published code counts', (verdicts, leftOut, notMet) => {
    expect(rubricReward(rubric, grade(...verdicts), 'leftOut')).toBe(leftOut);
    expect(rubricReward(rubric, grade(...verdicts), 'notMet')).toBe(notMet);
  });

  it('refuses verdicts of another rubric', () => {
    expect(() => rubricReward(rubric, grade('met'), 'leftOut')).toThrow(/1 verdicts for a rubric of 3/);
  });
});

describe('scores', () => {
  const rubrics = [
    { criterion: 'a', points: 6, tags: ['axis:accuracy'] },
    { criterion: 'b', points: 4, tags: ['axis:completeness'] },
    { criterion: 'c', points: -8, tags: ['axis:harm'] },
  ];
  const example = { promptId: 'p', prompt, rubrics, exampleTags: ['theme:hedging'], idealCompletion: null };

  it('clips the mean, not the values', () => {
    expect(clippedScore([1, -0.5]).mean).toBe(0.25);
    expect(clippedScore([-1, -0.5]).mean).toBe(0);
    expect(clippedScore([]).n).toBe(0);
  });

  it('has the standard error of the mean as its bootstrap std', () => {
    const values = Array.from({ length: 400 }, (_, i) => (i % 2) * 0.6 + 0.2);
    expect(Math.abs(clippedScore(values).bootstrapStd / (0.3 / Math.sqrt(400)) - 1)).toBeLessThan(0.1);
  });

  it('scores themes by the example and axes by their own criteria', () => {
    const scores = healthBenchScores([
      { example, grade: grade('met', 'notMet', 'notMet') },
      { example, grade: grade('met', 'ungraded', 'met') },
    ]);
    expect(scores.overall.mean).toBeCloseTo((0.6 - 2 / 6) / 2);
    expect(scores.tags.get('theme:hedging')!.n).toBe(2);
    expect(scores.tags.get('axis:accuracy')).toMatchObject({ mean: 1, n: 2 });
    expect(scores.tags.get('axis:completeness')).toMatchObject({ mean: 0, n: 1 });
    expect(scores.tags.has('axis:harm')).toBe(false);
    expect(scores.ungraded).toBe(1);
  });
});

it('measures agreement by class', () => {
  const pair = (grader: Verdict, truth: boolean) => ({ grader, truth });
  const result = agreement([
    pair('met', true),
    pair('met', true),
    pair('notMet', true),
    pair('met', false),
    pair('notMet', false),
    pair('ungraded', false),
  ]);
  expect(result).toMatchObject({ n: 5, ungraded: 1, accuracy: 0.6, notMetAccuracy: 0.5, graderYesRate: 0.6 });
  expect(result.balancedF1).toBeCloseTo((4 / 6 + 2 / 4) / 2);
});
