import { z } from 'zod';
import { type Condition, type Declaration, declarationOf, SECTIONS } from './field';
import { recipeSchema } from './recipe';

/** Of a number; null where there is no bound. An open bound is not itself allowed. */
export interface Bounds {
  readonly min: number | null;
  readonly max: number | null;
  readonly minOpen: boolean;
  readonly maxOpen: boolean;
  readonly whole: boolean;
}

/** A setting of the recipe: its declaration, and what its schema says. */
export interface RecipeSetting extends Declaration {
  /** E.g. `loss.clipLow`. */
  readonly path: string;
  readonly type:
    | { readonly kind: 'number'; readonly bounds: Bounds; readonly nullable: boolean }
    | { readonly kind: 'choice'; readonly values: readonly string[] }
    | { readonly kind: 'boolean' }
    | { readonly kind: 'text' }
    | { readonly kind: 'list' };
  /** In the default recipe; undefined where it has none. */
  readonly default: unknown;
  /** Of a union: the member that has the setting. */
  readonly member?: Condition;
}

const DEFAULTS: unknown = recipeSchema.parse({});

/** Every setting, section by section. */
export const RECIPE_SETTINGS: readonly RecipeSetting[] = SECTIONS.flatMap(({ id }) => {
  const own = settingsOf(recipeSchema, '').filter(
    // Members of a union may share a setting.
    ({ path, section }, at, all) => section === id && all.findIndex((other) => other.path === path) === at,
  );
  return [...own.filter(({ last }) => !last), ...own.filter(({ last }) => last)];
});

/** The value at a path of plain data; undefined where the path leads nowhere. */
export function valueAt(data: unknown, path: string): unknown {
  const step = (part: unknown, key: string) =>
    typeof part === 'object' && part !== null ? (part as Readonly<Record<string, unknown>>)[key] : undefined;
  return path.split('.').reduce(step, data);
}

function settingsOf(schema: z.ZodType, path: string, member?: Condition): RecipeSetting[] {
  const layers = layersOf(schema);
  const core = layers.at(-1)!;
  const declaration = layers.map(declarationOf).find((found) => found !== undefined);
  const under = path === '' ? '' : `${path}.`;
  if (core instanceof z.ZodObject) {
    const shape = core.shape as Record<string, z.ZodType>;
    return Object.entries(shape).flatMap(([key, inner]) => settingsOf(inner, under + key, member));
  }
  const self = { path, default: valueAt(DEFAULTS, path) ?? defaultOf(schema), ...(member && { member }) };
  if (core instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = core.def;
    const members = new Map((core.options as z.ZodObject[]).map((option) => [kindOf(option, discriminator), option]));
    const kindPath = under + discriminator;
    const kinds: RecipeSetting[] = declaration
      ? [
          {
            ...declaration,
            ...self,
            path: kindPath,
            default: valueAt(DEFAULTS, kindPath),
            type: { kind: 'choice', values: [...members.keys()] },
          },
        ]
      : [];
    const inner = [...members].flatMap(([kind, option]) =>
      Object.entries(option.shape as Record<string, z.ZodType>).flatMap(([key, value]) =>
        key === discriminator ? [] : settingsOf(value, under + key, { path: kindPath, is: [kind] }),
      ),
    );
    return [...kinds, ...inner];
  }
  if (!declaration) throw new TypeError(`recipe.${path} has no declaration`);
  return [{ ...declaration, ...self, type: typeOf(core, layers) }];
}

/** The schema, then what its default, prefault, optional and nullable wrap, down to the type itself. */
function layersOf(schema: z.ZodType): z.ZodType[] {
  const wraps =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable;
  return wraps ? [schema, ...layersOf(schema.unwrap() as z.ZodType)] : [schema];
}

function typeOf(core: z.ZodType, layers: readonly z.ZodType[]): RecipeSetting['type'] {
  if (core instanceof z.ZodNumber)
    return { kind: 'number', bounds: boundsOf(core), nullable: layers.some((layer) => layer instanceof z.ZodNullable) };
  if (core instanceof z.ZodEnum) return { kind: 'choice', values: core.options.map(String) };
  if (core instanceof z.ZodBoolean) return { kind: 'boolean' };
  return { kind: core instanceof z.ZodArray ? 'list' : 'text' };
}

/** Whole numbers without bounds have those of exact integers, which nobody needs to be told. */
export function boundsOf(schema: z.ZodNumber): Bounds {
  const bound = (value: number | null) => (value === null || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value);
  const [min, max] = [bound(schema.minValue), bound(schema.maxValue)];
  const open = (value: number | null) => value !== null && !schema.safeParse(value).success;
  return { min, max, minOpen: open(min), maxOpen: open(max), whole: schema.isInt };
}

function defaultOf(schema: z.ZodType): unknown {
  return schema instanceof z.ZodDefault ? schema.parse(undefined) : undefined;
}

function kindOf(option: z.ZodObject, discriminator: string): string {
  return String((option.shape[discriminator] as z.ZodLiteral).value);
}
