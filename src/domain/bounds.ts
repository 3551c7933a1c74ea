import type { z } from 'zod';

/** Bounds and default of a number, for a form or a command-line option. */
export function boundsOf(schema: z.ZodDefault<z.ZodNumber>): {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  readonly default: number;
} {
  const { minValue, maxValue, isInt } = schema.unwrap();
  const [min, max] = [minValue ?? Number.MIN_SAFE_INTEGER, maxValue ?? Number.MAX_SAFE_INTEGER];
  return { min, max, whole: isInt, default: schema.parse(undefined) };
}
