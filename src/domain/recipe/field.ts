import type { Recipe } from './recipe';

interface FieldBase {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  /** Where the field's card is: on the surface, or behind "more". */
  readonly place: 'surface' | 'answers' | 'grading' | 'reward' | 'loss' | 'optimizer' | 'warmStart' | 'run';
  /** Whether it says anything in this recipe; always, when absent. */
  shown?(config: Recipe): boolean;
}
export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly whole: boolean;
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

type Group = 'sampling' | 'grader' | 'loss' | 'lengthPenalty' | 'optimizer' | 'warmStart' | 'probes' | 'evaluation';
type Bounds = { unit?: string; min: number; max: number; step: number };

/** A number of the recipe itself. */
export function top(
  id:
    | 'seed'
    | 'steps'
    | 'promptsPerStep'
    | 'groupSize'
    | 'maxPromptTokens'
    | 'maxRefills'
    | 'heldOutShare'
    | 'checkpointEvery',
  place: FieldBase['place'],
  title: string,
  { unit = '', min, max, step }: Bounds,
  help: string,
): NumberField {
  const whole = step >= 1;
  const set = (config: Recipe, value: number): Recipe => ({ ...config, [id]: value });
  return { kind: 'number', id, title, help, place, unit, min, max, step, whole, get: (config) => config[id], set };
}

/** A number of one of the recipe's parts. */
export function part<G extends Group>(
  group: G,
  key: keyof Recipe[G] & string,
  place: FieldBase['place'],
  title: string,
  { unit = '', min, max, step }: Bounds,
  help: string,
): NumberField {
  return {
    kind: 'number',
    id: `${group}.${key}`,
    title,
    help,
    place,
    unit,
    min,
    max,
    step,
    whole: step >= 1,
    get: (config) => Number(config[group][key]),
    set: (config, value) => ({ ...config, [group]: { ...config[group], [key]: value } }),
  };
}

export function choice<G extends Group>(
  group: G,
  key: keyof Recipe[G] & string,
  place: FieldBase['place'],
  title: string,
  options: ChoiceField['options'],
  help: string,
): ChoiceField {
  return {
    kind: 'choice',
    id: `${group}.${key}`,
    title,
    help,
    place,
    options,
    get: (config) => String(config[group][key]),
    set: (config, value) => ({ ...config, [group]: { ...config[group], [key]: value } }),
  };
}

/** The field's value in words; numbers without their unit where it is said beside them. */
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
