import { parseArgs } from 'node:util';
import type { GivenOptions, NumberOption, Option, Options } from './option';

/** Wrong arguments: printed in one line, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/**
 * The options of a command, parsed and with their defaults. Throws UsageError for an unknown, missing or malformed one.
 */
export function parseOptions<const O extends Options>(args: readonly string[], options: O): GivenOptions<O> {
  const texts = textsOf(args, options);
  for (const [name, value] of Object.entries(texts)) {
    if ([value].flat().includes('')) throw new UsageError(`--${name} is empty`);
  }
  const parsed = Object.entries(options).map(([name, option]) => [name, optionValue(name, option, texts[name])]);
  return Object.fromEntries(parsed);
}

function textsOf(args: readonly string[], options: Options) {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      option.type === 'flag'
        ? { type: 'boolean' as const }
        : { type: 'string' as const, multiple: option.type === 'text' && option.multiple === true },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options: config, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0]!);
  }
}

function optionValue(name: string, option: Option, text: string | boolean | (string | boolean)[] | undefined): unknown {
  if (option.type === 'flag') return text === true;
  if (text === undefined) {
    if (option.required) throw new UsageError(`--${name} is missing`);
    return option.default;
  }
  if (option.type === 'number') return numberOf(name, option, text as string);
  if (option.type === 'choice') return choiceOf(name, option.choices, text as string);
  return text;
}

function numberOf(name: string, option: NumberOption, text: string): number {
  const value = Number(text);
  const { min, max = Number.MAX_SAFE_INTEGER, whole = true } = option;
  const fits = text.trim() !== '' && value >= min && value <= max && (!whole || Number.isInteger(value));
  if (fits) return value;
  const range = option.max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new UsageError(`--${name} is ${JSON.stringify(text)}: give a ${whole ? 'whole ' : ''}number ${range}`);
}

function choiceOf(name: string, choices: readonly string[], text: string): string {
  if (choices.includes(text)) return text;
  throw new UsageError(`--${name} is ${JSON.stringify(text)}: give one of ${choices.join(', ')}`);
}
