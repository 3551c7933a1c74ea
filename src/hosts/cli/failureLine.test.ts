import { expect, it } from 'vitest';
import { DataError } from '../../data/split';
import { LabError } from '../../lab/failures';
import { RunLocked } from '../../storage/storageError';
import { errorLine } from './failureLine';

it.each([
  [new LabError('unexpected', 'There is none', 'Choose another.'), 'There is none. Choose another.'],
  [new RunLocked('a'), 'Run a is open elsewhere: close the other tab or process first'],
  [new DataError('x has no usable example.'), /^x has no usable example\. Use a HealthBench.* --map/],
  [
    Object.assign(new Error("EACCES: permission denied, open 'x'"), { syscall: 'open' }),
    "EACCES: permission denied, open 'x'",
  ],
  [
    new Error('Unexpected token \u001b[31m\nin "x"'),
    /^Unexpected token {2}\[31m in "x"\. This error is unexpected: set DEBUG=1/,
  ],
])('prints %s in one line', (error, line) => {
  const printed = errorLine(error);
  if (typeof line === 'string') expect(printed).toBe(line);
  else expect(printed).toMatch(line);
  expect([...printed].every((character) => character >= ' ')).toBe(true);
});
