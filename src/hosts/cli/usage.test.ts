import { describe, expect, it } from 'vitest';
import type { Options } from './option';
import { duration } from './print/progressBar';
import { parseOptions } from './usage';

const OPTIONS = {
  model: { type: 'text', placeholder: 'folder', required: true, help: '' },
  data: { type: 'text', placeholder: 'file', multiple: true, help: '' },
  steps: { type: 'number', min: 1, help: '' },
  temperature: { type: 'number', min: 0, max: 5, whole: false, default: 1, help: '' },
  mode: { type: 'choice', choices: ['json', 'forced'], help: '' },
  resume: { type: 'flag', help: '' },
} as const satisfies Options;
const parse = (...args: string[]) => parseOptions(['--model', 'x', ...args], OPTIONS);

describe('arguments', () => {
  it('are parsed, with their defaults', () => {
    const given = parse('--resume', '--data', 'a', '--data', 'b', '--steps', '7', '--mode', 'json');
    expect(given).toEqual({ model: 'x', data: ['a', 'b'], steps: 7, temperature: 1, mode: 'json', resume: true });
    expect(parse()).toEqual({ model: 'x', temperature: 1, resume: false });
    expect(parse('--temperature', '0.5').temperature).toBe(0.5);
    const steps: number | undefined = parse().steps;
    expect(steps).toBe(undefined);
  });

  it.each([
    [['--modl', 'x'], /Unknown option '--modl'/],
    [['--resume'], /--model is missing/],
    [['--model'], /argument missing/],
    [['--model', ''], /--model is empty/],
    [['--model', 'x', '--data', 'a', '--data', ''], /--data is empty/],
    [['train', '--model', 'x'], /Unexpected argument 'train'/],
    [['--model', 'x', '--mode', 'yaml'], /--mode is "yaml": give one of json, forced$/],
    [['--model', 'x', '--temperature', '5.1'], /--temperature is "5.1": give a number from 0 to 5$/],
  ])('%j are refused in one line', (args, message) => {
    const refused = () => parseOptions(args, OPTIONS);
    expect(refused).toThrow(message);
    expect(refused).toThrow(/^[^\n]+$/);
  });

  it.each(['', ' ', 'x', '0', '1.5', '1e99', 'NaN'])('--steps %j is no count', (text) => {
    const message = text === '' ? /--steps is empty/ : /--steps is .*: give a whole number of at least 1$/;
    expect(() => parse('--steps', text)).toThrow(message);
  });
});

it('prints durations in readable units', () => {
  expect([3.21, 42.4, 89, 600, 9000].map(duration)).toEqual(['3.2 s', '42 s', '89 s', '10 min', '2.5 h']);
});
