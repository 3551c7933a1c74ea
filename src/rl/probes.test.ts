import { describe, expect, it } from 'vitest';
import { NO_PROBES } from '../domain/metrics/probeMetrics';
import { type RecipeInput, recipeSchema } from '../domain/recipe/recipe';
import { Probes, probesDue } from './probes';
import { criterionExamples, type Grades, graderModel } from './test/testGraderModel';
import { characterText, testRollout } from './test/testModel';

const examples = criterionExamples(6);
const config = (change: RecipeInput = {}) =>
  recipeSchema.parse({
    probes: { every: 5, items: 4 },
    ...change,
    grader: { mode: 'verdict', template: '<<conversation>>\n?<<rubric_item>>', ...(change.grader as object) },
  });

/** True of an answer that names the criterion's number. */
const honest: Grades = ({ answer, criterion }) => answer.includes(`no ${criterion.at(-1)}`);

const newest = examples.slice(0, 2).map((example, group) => testRollout(example, group, 'no 0'));
const report = { step: 5, rollouts: newest, rewards: [0.5, null] };
const hooks = { now: () => 0 };

const check = (grades: Grades, change: RecipeInput = {}, of = examples) => {
  const model = graderModel(grades);
  return { model, probes: new Probes(model, characterText, config(change), of) };
};

describe('checks of the grader', () => {
  it('come after the first step and every so many', () => {
    const due = (every: number) => [1, 2, 3, 4, 5, 6, 10].filter((step) => probesDue({ every, items: 1 }, step));
    expect([due(5), due(0)]).toEqual([[1, 5, 10], []]);
  });

  it('find an honest grader honest', async () => {
    const metrics = await check(honest).probes.check(report, hooks);
    expect(metrics).toMatchObject({
      'probe/leniency': 0,
      'probe/frozen_agreement': 1,
      'probe/ideal': 1, // ideal answers name every good criterion
      'probe/control_empty': 0,
      'probe/control_colon': 0,
      'probe/control_echo': 0,
      'probe/yes_rate_positive': 0.5, // the starting weights answer "no 0"
      'probe/yes_rate_negative': 0,
      'probe/ungraded': 0,
      'probe/repeat_agreement': null, // nothing is drawn
      'probe/confidence': expect.closeTo(0.9),
      'probe/unsure': 0,
    });
    // The run gave 0.5 for "no 0", which is worth 5 of 8 points.
    expect(metrics['probe/reward_gap']).toBeCloseTo(0.5 - 5 / 8);
  });

  it('see that it has become lenient, and that nothing is enough', async () => {
    const lenient: Grades = (asked) => asked.adapter || honest(asked);
    const metrics = await check(lenient).probes.check(report, hooks);
    expect(metrics['probe/leniency']).toBeCloseTo(1 - 1 / 3);
    expect(metrics['probe/frozen_agreement']).toBeCloseTo(1 / 3);
    expect(metrics['probe/control_empty']).toBe(1);
    expect(metrics['probe/yes_rate_negative']).toBe(1);
  });

  it('answers with the starting weights once, and asks the same questions each time', async () => {
    const { model, probes } = check(honest);
    const first = await probes.check(report, hooks);
    const asked = model.asked.length;
    expect(model.answered).toEqual([false, false, false, false]);
    const second = await probes.check(report, hooks);
    expect(second).toEqual(first);
    expect(model.answered).toHaveLength(4);
    const self = (from: number, to: number) => model.asked.slice(from, to).filter(({ adapter }) => adapter);
    expect(self(asked, model.asked.length)).toEqual(self(0, asked));
  });

  it('is a function of seed and data: a run that goes on gets the same numbers', async () => {
    const lenient: Grades = (asked) => asked.adapter || honest(asked);
    const before = check(lenient);
    await before.probes.check({ ...report, step: 1 }, hooks);
    const [a, b] = [await before.probes.check(report, hooks), await check(lenient).probes.check(report, hooks)];
    expect(a).toEqual(b);
    const other = check(honest, { seed: 2 });
    await other.probes.check(report, hooks);
    const echoed = ({ model }: typeof before) => model.asked.filter(({ answer }) => answer.startsWith('question'));
    expect(echoed(other)).not.toEqual(echoed(before).slice(0, echoed(other).length));
  });

  it('asks again where verdicts are drawn', async () => {
    const { probes } = check(honest, { grader: { mode: 'forced' } });
    expect((await probes.check(report, hooks))['probe/repeat_agreement']).toBe(1);
  });

  it('leaves out what the data does not have', async () => {
    const plain = examples.map((example) => ({ ...example, idealCompletion: null }));
    expect((await check(honest, {}, plain).probes.check(report, hooks))['probe/ideal']).toBeNull();
    const none = examples.map((example) => ({ ...example, rubrics: [] }));
    expect(await check(honest, {}, none).probes.check(report, hooks)).toEqual(NO_PROBES);
    const one = await check(honest, {}, examples.slice(0, 1)).probes.check(report, hooks);
    expect([one['probe/control_other'], one['probe/control_empty']]).toEqual([null, 0]);
  });

  it('is given up on abort, and begun anew the next time', async () => {
    const { probes } = check(honest);
    const abort = new AbortController();
    abort.abort();
    await expect(probes.check(report, hooks, { signal: abort.signal })).rejects.toThrow(/abort/i);
    expect((await probes.check(report, hooks))['probe/ideal']).toBe(1);
  });
});
