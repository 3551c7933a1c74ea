import { describe, expect, it } from 'vitest';
import type { RolloutRecord } from '../domain/rolloutRecord';
import type { Verdict } from '../domain/verdict';
import {
  drawVerdict,
  kindOf,
  type Opinion,
  opinionsCsv,
  opinionsJsonl,
  personAgreement,
  type ReviewItem,
  readOpinions,
  reviewPlan,
} from './review';

const record = (step: number, index: number, ...verdicts: Verdict[]): RolloutRecord => ({
  step,
  group: 0,
  index,
  promptId: 'p',
  prompt: [{ role: 'user', content: 'q' }],
  completion: `answer ${index}`,
  finish: 'stop',
  promptTokens: 1,
  completionTokens: 1,
  reward: 0,
  advantage: 0,
  trueReward: null,
  meanLogprob: 0,
  meanEntropy: 0,
  grader: 'self',
  criteria: verdicts.map((verdict, c) => ({
    criterion: `criterion ${c}`,
    points: c === 2 ? -5 : 5,
    tags: [],
    verdict,
    explanation: 'because',
    confidence: null,
    failure: null,
  })),
});

const item = (change: Partial<ReviewItem> = {}): ReviewItem => ({
  id: '1/0/0/0',
  step: 1,
  promptId: 'p',
  prompt: [{ role: 'user', content: 'q' }],
  completion: 'a',
  criterion: 'c',
  points: 5,
  verdict: 'met',
  explanation: 'because',
  grader: 'self',
  ...change,
});
const opinion = (said: Opinion['opinion'], change: Partial<ReviewItem> = {}, comment = ''): Opinion => ({
  item: item(change),
  opinion: said,
  comment,
  at: '2026-01-01T00:00:00Z',
});

describe('verdicts for a review', () => {
  it('come from all over the run, kinds in turn, the same for a seed', () => {
    const plan = reviewPlan(50, 12, 3);
    expect(new Set(plan.map(({ step }) => step)).size).toBe(12);
    expect(plan.slice(0, 4).map(({ kind }) => kind)).toEqual(['met', 'notMet', 'harm', 'met']);
    expect(reviewPlan(50, 12, 3)).toEqual(plan);
    expect(reviewPlan(50, 20, 3).slice(0, 12)).toEqual(plan);
    expect(reviewPlan(50, 12, 4)).not.toEqual(plan);
    expect(reviewPlan(0, 5, 1)).toEqual([]);
  });

  it('are of the kind that is wanted, where there is one, and never twice', () => {
    const rollouts = [record(4, 0, 'met', 'notMet', 'met'), record(4, 1, 'notMet', 'ungraded', 'notMet')];
    const harm = drawVerdict(rollouts, 'harm', new Set(), 1)!;
    expect([harm.id, kindOf(harm), harm.completion]).toEqual(['4/0/0/2', 'harm', 'answer 0']);
    const taken = new Set<string>([harm.id]);
    for (let i = 0; i < 4; i++) taken.add(drawVerdict(rollouts, 'harm', taken, 1)!.id);
    expect(taken.size).toBe(5); // all but the ungraded one
    expect(drawVerdict(rollouts, 'met', taken, 1)).toBeNull();
  });
});

describe('agreement with a person', () => {
  it('leaves out what was skipped, and is split by kind', () => {
    const all = [
      opinion('agree'),
      opinion('disagree'),
      opinion('agree', { verdict: 'notMet' }),
      opinion('disagree', { points: -5 }),
      opinion('skip'),
    ];
    expect(personAgreement(all).map(({ kind, n, agreed }) => [kind, n, agreed])).toEqual([
      ['all', 4, 2],
      ['met', 2, 1],
      ['notMet', 1, 1],
      ['harm', 1, 0],
    ]);
    expect(personAgreement(all)[0]).toMatchObject({
      share: 0.5,
      interval: [expect.closeTo(0.15, 3), expect.closeTo(0.85, 3)],
    });
    expect(personAgreement([])[0]).toMatchObject({ n: 0, interval: [0, 1] });
  });
});

describe('kept and exported opinions', () => {
  const all = [opinion('agree', {}, 'fine'), opinion('disagree', { criterion: 'says "stop", and\nmore' }, '=1+1')];

  it('read back as they were written; other lines are left out', () => {
    expect(readOpinions(`${opinionsJsonl(all)}\n{"opinion":"agree"}\nnot json\n`)).toEqual(all);
  });

  it('make a table without formulas', () => {
    const csv = opinionsCsv(all);
    expect(csv.split('\n')[0]).toMatch(/^step,prompt_id,criterion,/);
    expect(csv).toContain('"says ""stop"", and\nmore"');
    expect(csv).toContain(`"'=1+1"`);
  });

  it.each(['=', '+', '-', '@', '\t', '\r'])('are never a formula in a spreadsheet: %j', (sign) => {
    expect(opinionsCsv([opinion('disagree', {}, `${sign}1`)])).toContain(`"'${sign}1"`);
  });
});
