import { describe, expect, it } from 'vitest';
import { duration } from './progressBar';
import { choiceOption, numberOption, parseOptions } from './usage';

const OPTIONS = { model: { type: 'string' }, steps: { type: 'string' }, resume: { type: 'boolean' } } as const;

describe('arguments', () => {
  it('are parsed', () => {
    expect(parseOptions(['--model', 'x', '--resume'], OPTIONS, ['model'])).toEqual({ model: 'x', resume: true });
  });

  it.each([
    [['--modl', 'x'], /Unknown option '--modl'/],
    [['--resume'], /--model is missing/],
    [['--model'], /argument missing/],
    [['--model', ''], /--model is empty/],
    [['train', '--model', 'x'], /Unexpected argument 'train'/],
  ])('%j are refused in one line', (args, message) => {
    const parse = () => parseOptions(args, OPTIONS, ['model']);
    expect(parse).toThrow(message);
    expect(parse).toThrow(/^[^\n]+$/);
  });

  it.each(['', 'x', '-1', '1.5', '1e99', 'NaN'])('--steps %j is no count', (text) => {
    expect(() => numberOption('steps', text, { min: 1 })).toThrow(/--steps is .*: give a whole number of at least 1$/);
  });

  it('are numbers and choices', () => {
    expect(numberOption('t', '0.5', { min: 0, max: 5, whole: false })).toBe(0.5);
    expect(numberOption('t', undefined, { min: 0 })).toBe(undefined);
    expect(choiceOption('mode', 'json', ['json', 'forced'])).toBe('json');
    expect(() => choiceOption('mode', 'yaml', ['json', 'forced'])).toThrow(/give one of json, forced/);
  });
});

it('says durations as people do', () => {
  expect([3.21, 42.4, 89, 600, 9000].map(duration)).toEqual(['3.2 s', '42 s', '89 s', '10 min', '2.5 h']);
});
