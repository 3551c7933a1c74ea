import type { z } from 'zod';
import { boundsOf } from '../../domain/bounds';

interface OptionBase {
  /** One or two sentences; --help adds bounds and default. */
  readonly help: string;
  readonly required?: boolean;
}
export interface TextOption extends OptionBase {
  readonly type: 'text';
  /** In angle brackets in --help, such as `folder`. */
  readonly placeholder: string;
  readonly multiple?: boolean;
  readonly default?: string;
}
export interface NumberOption extends OptionBase {
  readonly type: 'number';
  readonly min: number;
  readonly max?: number;
  /** True by default. */
  readonly whole?: boolean;
  readonly default?: number;
}
export interface ChoiceOption extends OptionBase {
  readonly type: 'choice';
  readonly choices: readonly string[];
  readonly default?: string;
}
/** False by default. */
export interface FlagOption {
  readonly type: 'flag';
  readonly help: string;
}
export type Option = TextOption | NumberOption | ChoiceOption | FlagOption;
/** By name, without the dashes. */
export type Options = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends FlagOption
  ? boolean
  : O extends NumberOption
    ? number
    : O extends ChoiceOption
      ? O['choices'][number]
      : O extends { readonly multiple: true }
        ? readonly string[]
        : string;

/** Parsed options: undefined only where an option is neither required nor has a default. */
export type GivenOptions<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends
    | { readonly required: true }
    | { readonly default: string | number }
    | { readonly type: 'flag' }
    ? ValueOf<O[Name]>
    : ValueOf<O[Name]> | undefined;
};

/** A number with the bounds and the default of a schema. */
export function numberOption(schema: z.ZodDefault<z.ZodNumber>, help: string) {
  const { max, ...bounds } = boundsOf(schema);
  // The schema of a whole number without an upper bound has the largest safe one.
  return { type: 'number', help, ...bounds, ...(max < Number.MAX_SAFE_INTEGER && { max }) } as const;
}
