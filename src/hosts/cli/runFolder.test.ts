import { expect, it } from 'vitest';
import { testRun } from '../../lab/test/testLab';
import { checkGoesOn } from './runFolder';

const run = (status: 'stopped' | 'finished') => ({ ...testRun({ steps: 6 }), status });

it('goes on with what has steps left, or a check that a stop gave up', () => {
  checkGoesOn(run('stopped'), 2);
  checkGoesOn(run('stopped'), 0, 1);
  checkGoesOn(run('stopped'), 6);
  checkGoesOn(run('finished'), 6, 7);
});

it('says when nothing is left to do', () => {
  expect(() => checkGoesOn(run('finished'), 6)).toThrow(
    /^run-1 has finished its 6 steps: a larger number of --steps goes on$/,
  );
  expect(() => checkGoesOn(run('finished'), 6, 5)).toThrow(/^--steps is 5, but run-1 has done 6 already$/);
});
