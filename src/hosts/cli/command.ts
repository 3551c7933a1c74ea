import type { GivenOptions, Options } from './option';
import { parseOptions, UsageError } from './usage';

/** A command as data; --help is generated from it. */
export interface Command {
  /** What the command does and writes, in a few sentences; --help wraps them. */
  readonly about: string;
  readonly options: Options;
  /** Groups of options; exactly one of each group is required. */
  readonly either: readonly (readonly string[])[];
  /** Resolves with the exit code. Throws UsageError for wrong arguments. */
  run(args: readonly string[]): Promise<number>;
}

export function command<const O extends Options>({
  about,
  options,
  either = [],
  run,
}: {
  readonly about: string;
  readonly options: O;
  readonly either?: readonly (readonly (keyof O & string)[])[];
  run(given: GivenOptions<O>): Promise<number>;
}): Command {
  return {
    about,
    options,
    either,
    run: async (args) => {
      const given = parseOptions(args, options);
      for (const names of either) {
        if (names.filter((name) => given[name] !== undefined).length !== 1)
          throw new UsageError(`give either ${names.map((name) => `--${name}`).join(' or ')}`);
      }
      return run(given);
    },
  };
}
