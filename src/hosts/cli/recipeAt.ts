import { type Recipe, recipeSchema } from '../../domain/recipe/recipe';
import { jsonAt } from './input';
import { UsageError } from './usage';

/** What stands over the file: --steps and --seed, and --template as the grader's. */
interface Over {
  readonly steps?: number | undefined;
  readonly seed?: number | undefined;
  readonly template?: string | undefined;
}

/** The recipe in a --config file, or the default one, with the other options over it. Throws UsageError for what is no recipe. */
export async function recipeAt(path: string | undefined, { template, ...over }: Over): Promise<Recipe> {
  const json = path === undefined ? {} : await jsonAt(path);
  if (!isObject(json))
    throw new UsageError(`${path} holds ${kindOf(json)}: a recipe is a JSON object, {"steps": 60, …}`);
  const given = Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined));
  const { grader = {} } = json;
  // A grader that is no object goes to the schema, which says so.
  const templated = template === undefined || !isObject(grader) ? {} : { grader: { ...grader, template } };
  const parsed = recipeSchema.safeParse({ ...json, ...given, ...templated });
  if (parsed.success) {
    const [unknown] = unknownKeys(json, parsed.data);
    if (unknown !== undefined) throw new UsageError(`${path}: ${unknown} is no setting of a recipe`);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  throw new UsageError([path ?? 'the recipe', issue!.path.join('.'), issue!.message].filter(Boolean).join(': '));
}

/** Settings that the schema dropped: a slip of the pen must not train another recipe than the one that was written. */
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
