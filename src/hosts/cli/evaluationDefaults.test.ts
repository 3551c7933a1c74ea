import { expect, it } from 'vitest';
import { AUDIT_DEFAULTS, EVALUATION_DEFAULTS } from '../../evaluation/evaluationRequest';
import { initialEvaluation } from '../../page/evaluate/evaluationStore';
import { audit } from './commands/audit';
import { evaluate } from './commands/evaluate';
import type { Option } from './option';

const defaultOf = (options: Readonly<Record<string, Option>>, name: string) => {
  const option = options[name]!;
  return 'default' in option ? option.default : undefined;
};

it('the page and the command line evaluate with the same defaults', () => {
  const { seed, heldOutShare, filter, ...ofForm } = EVALUATION_DEFAULTS;
  expect(initialEvaluation.form).toEqual({ ...ofForm, subject: 'open' });
  expect(filter).toBeUndefined();
  const { options } = evaluate;
  const given = {
    grader: defaultOf(options, 'grader'),
    mode: defaultOf(options, 'mode'),
    answers: defaultOf(options, 'answers'),
    prompts: defaultOf(options, 'limit'),
    maxNewTokens: defaultOf(options, 'max-tokens'),
    temperature: defaultOf(options, 'temperature'),
    seed: defaultOf(options, 'seed'),
    heldOutShare: defaultOf(options, 'held-out'),
  };
  const { split, withStart, ...rest } = EVALUATION_DEFAULTS;
  expect(given).toEqual(rest);
  expect([seed, heldOutShare, split, withStart]).toEqual([1, 0.1, 'heldOut', true]);
});

it('and audit with the same', () => {
  const { options } = audit;
  expect(['mode', 'limit', 'seed'].map((name) => defaultOf(options, name))).toEqual([
    AUDIT_DEFAULTS.mode,
    AUDIT_DEFAULTS.limit,
    AUDIT_DEFAULTS.seed,
  ]);
});

it('takes bounds from the schema', () => {
  expect(evaluate.options.answers).toMatchObject({ min: 1, max: 64, whole: true });
  expect(evaluate.options.temperature).toMatchObject({ min: 0, max: 5, whole: false });
});
