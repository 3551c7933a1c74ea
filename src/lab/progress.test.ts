import { expect, it } from 'vitest';
import type { Work } from '../protocol/requests';
import { ProgressMeter } from './progress';

function meter() {
  let time = 0;
  const sent: Work[] = [];
  return {
    sent,
    at: (ms: number) => (time = ms),
    meter: new ProgressMeter(
      (work) => sent.push(work),
      () => time,
    ),
  };
}

it('lets the first, the last and ten a second through', () => {
  const { sent, at, meter: m } = meter();
  for (let done = 0; done <= 1000; done++) {
    at(done);
    m.report('rollout', done, 1000, 1);
  }
  expect(sent.map(({ done }) => done)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
});

it('estimates what is left from the pace, and of a step from the step before', () => {
  const { sent, at, meter: m } = meter();
  m.report('export', 0, 10);
  at(2000);
  m.report('export', 5, 10);
  expect(sent.map(({ secondsLeft }) => secondsLeft)).toEqual([null, 2]);

  m.report('rollout', 0, 2, 1);
  expect(sent.at(-1)!.secondsLeft).toBe(null);
  at(5000);
  m.report('rollout', 1, 2, 1);
  expect(sent.at(-1)!.secondsLeft).toBe(3); // of this phase
  m.stepTook({ rollout: 4, grade: 5, update: 6 });
  at(10_000);
  m.report('rollout', 0, 4, 2);
  expect(sent.at(-1)!.secondsLeft).toBe(4 + 5 + 6);
  at(11_000);
  m.report('rollout', 1, 4, 2);
  expect(sent.at(-1)!.secondsLeft).toBe(3 + 5 + 6);
  m.report('update', 1, 1, 2);
  expect(sent.at(-1)!.secondsLeft).toBe(0);
});
