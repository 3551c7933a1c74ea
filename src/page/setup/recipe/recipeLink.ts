import { z } from 'zod';
import { RECIPE_FIELDS } from '../../../domain/recipe/pageFields';
import { PRESETS, type Preset } from '../../../domain/recipe/presets';
import { type Recipe, recipeSchema } from '../../../domain/recipe/recipe';
import { changedPaths, holds, withPaths } from './recipePaths';

/** Longest accepted link, in characters. */
const LONGEST = 8000;

const PRESET_IDS = PRESETS.map(({ id }) => id);

/**
 * A recipe in a link. `set` holds the differences from the schema's defaults, so that the recipe stays the same when a
 * preset changes; `preset` is the preset that the recipe is compared with.
 */
const linkSchema = z.strictObject({
  v: z.literal(1),
  preset: z.enum(PRESET_IDS),
  set: z.record(z.string(), z.unknown()),
});

export type LinkedRecipe =
  | { readonly ok: true; readonly preset: Preset['id']; readonly config: Recipe }
  | { readonly ok: false; readonly why: string };

/**
 * The recipe as text for an address: base64url of JSON. Without the teacher, which has an address and a key, and
 * without the grader's prompt, which comes with the model's files.
 */
export function encodeRecipe(preset: Preset['id'], config: Recipe): string {
  const set = changedPaths(recipeSchema.parse({}), linkable(config));
  const text = JSON.stringify({ v: 1, preset, set } satisfies z.input<typeof linkSchema>);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The recipe of a link, or the reason there is none. Links are untrusted: they may come from anyone. */
export function decodeRecipe(text: string): LinkedRecipe {
  if (text.length > LONGEST) return refused(`it is longer than ${LONGEST} characters`);
  const link = linkSchema.safeParse(jsonOf(text));
  if (!link.success) return refused('it is damaged, incomplete, or from another version of this page');
  const { preset, set } = link.data;
  if (Object.keys(set).some((path) => path.startsWith('grader.teacher')))
    return refused('it names a teacher. Links cannot: prompts and answers would be sent to it');
  try {
    return parsed(preset, withPaths(recipeSchema.parse({}), set));
  } catch (error) {
    if (error instanceof RangeError) return refused(`it sets ${error.message}, which is not a recipe setting`);
    throw error;
  }
}

function parsed(preset: Preset['id'], wanted: object): LinkedRecipe {
  const result = recipeSchema.safeParse(wanted);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    return refused(`${path.join('.')} is out of range (${message})`);
  }
  const config = result.data;
  if (!holds(config, wanted) || !holds(linkable(config), config)) {
    return refused('it has settings that links cannot carry; it may be from a newer version of this page');
  }
  for (const field of RECIPE_FIELDS) {
    const value = field.kind === 'number' ? field.get(config) : null;
    if (field.kind !== 'number' || value === null || (value >= field.min && value <= field.max)) continue;
    return refused(`“${field.title}” is ${value} but must be from ${field.min} to ${field.max}`);
  }
  return { ok: true, preset, config };
}

/** The part of a recipe that may be in a link. */
export function linkable({ grader: { teacher: _, template: __, ...grader }, ...config }: Recipe): Recipe {
  return { ...config, grader };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(atob(text.replaceAll('-', '+').replaceAll('_', '/')));
  } catch {
    return null;
  }
}

const refused = (why: string): LinkedRecipe => ({ ok: false, why });
