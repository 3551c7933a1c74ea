import { z } from 'zod';
import { FormatError } from './formatError';

/** Checks the content of a model folder's JSON file; throws FormatError with every field that is not as expected. */
export function parseFile<S extends z.ZodType>(schema: S, value: unknown, file: string): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new FormatError(
    `${file} is not as expected: ${z.prettifyError(result.error)}`,
    'Take it from the same folder as the weights, unchanged.',
    { cause: result.error },
  );
}
