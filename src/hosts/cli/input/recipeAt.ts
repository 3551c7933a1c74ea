import { type Recipe, recipeSchema } from '../../../domain/recipe/recipe';
import { UsageError } from '../usage';
import { jsonAt } from './files';

/** Options that override the file: --steps, --seed, and --template as the grader's. */
interface Overrides {
  readonly steps?: number | undefined;
  readonly seed?: number | undefined;
  readonly template?: string | undefined;
}

/**
 * The recipe of --config, by default an empty one, with the other options applied. Throws UsageError for an invalid
 * one.
 */
export async function recipeAt(path: string | undefined, { template, ...overrides }: Overrides): Promise<Recipe> {
  const json = path === undefined ? {} : await jsonAt(path);
  if (!isObject(json))
    throw new UsageError(`${path} contains ${kindOf(json)}: a recipe is a JSON object, such as {"steps": 60}`);
  const set = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  const { grader = {} } = json;
  // The schema reports a grader that is not an object.
  const templated = template === undefined || !isObject(grader) ? {} : { grader: { ...grader, template } };
  const parsed = recipeSchema.safeParse({ ...json, ...set, ...templated });
  if (parsed.success) {
    const [unknown] = unknownKeys(json, parsed.data);
    if (unknown !== undefined) throw new UsageError(`${path}: ${unknown} is not a recipe setting`);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  throw new UsageError([path ?? 'the recipe', issue!.path.join('.'), issue!.message].filter(Boolean).join(': '));
}

/** Settings that the schema dropped: a typo must not silently train another recipe. */
function unknownKeys(given: Record<string, unknown>, known: Record<string, unknown>): string[] {
  return Object.entries(given).flatMap(([key, value]) => {
    if (!(key in known)) return value === undefined ? [] : [key];
    const inner = known[key];
    return isObject(value) && isObject(inner) ? unknownKeys(value, inner).map((name) => `${key}.${name}`) : [];
  });
}

const isObject = (json: unknown): json is Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const kindOf = (json: unknown): string =>
  json === null ? 'null' : Array.isArray(json) ? 'a list' : `a ${typeof json}`;
