import { type Condition, type Declaration, SECTIONS } from './field';
import { RECIPE_SETTINGS, type RecipeSetting, valueAt } from './fields';
import { LOSS_TYPES } from './loss';
import { type Recipe, recipeSchema } from './recipe';

interface FieldBase extends Pick<Declaration, 'title' | 'help' | 'section'> {
  readonly id: string;
  /** Whether it matters in this recipe. */
  shown(config: Recipe): boolean;
}
export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly whole: boolean;
  /** Null where the recipe has no such setting. */
  get(config: Recipe): number | null;
  set(config: Recipe, value: number): Recipe;
}
export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly options: readonly { readonly value: string; readonly label: string }[];
  get(config: Recipe): string;
  set(config: Recipe, value: string): Recipe;
}
export type RecipeField = NumberField | ChoiceField;

/** Digits after the point that an input takes: the distance to an open bound. */
export const DECIMALS = 8;

/** TRL's advice for the largest ratio of cispo, and the clip range that replaces it. */
const CISPO_HIGH = 5;
const CLIP_HIGH = 0.28;

/** What changes with a field, by its path. */
const FOLLOWERS: Readonly<Record<string, (changed: Recipe, before: Recipe) => Recipe>> = {
  'trainable.rank': (config) =>
    config.trainable.kind === 'lora'
      ? { ...config, trainable: { ...config.trainable, alpha: 2 * config.trainable.rank } }
      : config,
  // A weighted loss (cispo) reads the upper clip range as the largest ratio itself.
  'loss.type': (config, before) => {
    const { type, clipHigh } = config.loss;
    const weighted = LOSS_TYPES[type].policy === 'weighted';
    const low = weighted && clipHigh < 1;
    const high = !weighted && LOSS_TYPES[before.loss.type].policy === 'weighted' && clipHigh >= 1;
    return { ...config, loss: { ...config.loss, clipHigh: low ? CISPO_HIGH : high ? CLIP_HIGH : clipHigh } };
  },
  // Another kind has the defaults of its settings.
  'trainable.kind': ({ trainable: { kind }, ...config }) => recipeSchema.parse({ ...config, trainable: { kind } }),
};

/** Inputs of the recipe's card, in the order of the page. */
export const RECIPE_FIELDS: readonly RecipeField[] = RECIPE_SETTINGS.filter(({ onPage }) => onPage !== false).map(
  fieldOf,
);

/** Sections behind "More settings". */
export const RECIPE_SECTIONS = SECTIONS.filter(({ id }) => id !== 'surface' && id !== 'data');

function fieldOf(setting: RecipeSetting): RecipeField {
  const { path, title, help, section, type, unit = '', member } = setting;
  const base = { id: path, title, help, section, shown: (config: Recipe) => holds(setting.shown, config) };
  const set = (config: Recipe, value: unknown): Recipe => {
    if (!holds(member, config)) return config;
    const changed = withValue(config, path.split('.'), value) as Recipe;
    return FOLLOWERS[path]?.(changed, config) ?? changed;
  };
  if (type.kind === 'number') {
    const { min, max, minOpen, maxOpen, whole } = type.bounds;
    const most = setting.most ?? max ?? Number.MAX_SAFE_INTEGER;
    const gap = 10 ** -DECIMALS;
    const fits = (value: number) => min === null || (minOpen ? value > min : value >= min);
    return {
      ...base,
      kind: 'number',
      unit,
      min: type.nullable ? 0 : (min ?? 0) + (minOpen ? gap : 0),
      max: most - (maxOpen ? gap : 0),
      step: setting.step ?? 1,
      whole,
      // An input has no null: 0 stands for it.
      get: (config) => (valueAt(config, path) as number | null | undefined) ?? (type.nullable ? 0 : null),
      set: (config, value) => set(config, type.nullable && !fits(value) ? null : value),
    };
  }
  const { labels = {} } = setting;
  if (type.kind === 'boolean') {
    return {
      ...base,
      kind: 'choice',
      options: ['absent', 'true', 'false'].map((value) => ({ value, label: labels[value] ?? value })),
      get: (config) => String(valueAt(config, path) ?? 'absent'),
      set: (config, value) => set(config, value === 'absent' ? undefined : value === 'true'),
    };
  }
  if (type.kind !== 'choice') throw new TypeError(`recipe.${path} has no input`);
  return {
    ...base,
    kind: 'choice',
    options: type.values.map((value) => ({ value, label: labels[value] ?? value })),
    get: (config) => String(valueAt(config, path)),
    set,
  };
}

/** A copy with the value at a path; undefined takes the key away. */
function withValue(part: object, [key, ...rest]: readonly string[], value: unknown): object {
  const inner = rest.length === 0 ? value : withValue((part as Record<string, object>)[key!]!, rest, value);
  const { [key!]: _, ...others } = part as Record<string, unknown>;
  return inner === undefined ? others : { ...part, [key!]: inner };
}

/** Whether a condition is true of a recipe; without one, always. */
function holds(condition: Condition | undefined, config: unknown): boolean {
  if (!condition) return true;
  const value = valueAt(config, condition.path);
  if ('above' in condition) return typeof value === 'number' && value > condition.above;
  return 'is' in condition ? condition.is.includes(String(value)) : String(value) !== condition.not;
}

/** The field's value in words; numbers without their unit where the text beside them has it. */
export function showField(field: RecipeField, config: Recipe, { unit = true } = {}): string {
  if (field.kind === 'choice') {
    const value = field.get(config);
    return field.options.find((option) => option.value === value)?.label ?? value;
  }
  const value = field.get(config);
  return value === null ? '–' : `${showNumber(value)}${unit && field.unit ? ` ${field.unit}` : ''}`;
}

/** Every digit, so that two numbers that differ look so; small ones with their power of ten. */
const showNumber = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential().replace('-', '−') : String(value);
