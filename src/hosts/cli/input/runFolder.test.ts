import { expect, it } from 'vitest';
import { testRun } from '../../../lab/test/testLab';
import { checkCanContinue } from './runFolder';

const run = (status: 'stopped' | 'finished') => ({ ...testRun({ steps: 6 }), status });

it('continues a run with steps left, or with a check that a stop cancelled', () => {
  checkCanContinue(run('stopped'), 2);
  checkCanContinue(run('stopped'), 0, 1);
  checkCanContinue(run('stopped'), 6);
  checkCanContinue(run('finished'), 6, 7);
});

it('refuses a run with nothing left to do', () => {
  expect(() => checkCanContinue(run('finished'), 6)).toThrow(
    /^run-1 has finished its 6 steps: give a larger --steps to continue$/,
  );
  expect(() => checkCanContinue(run('finished'), 6, 5)).toThrow(/^--steps is 5, but run-1 has already done 6$/);
});
