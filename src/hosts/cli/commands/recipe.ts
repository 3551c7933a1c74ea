import { PRESETS } from '../../../domain/recipe/presets';
import { recipeSchema } from '../../../domain/recipe/recipe';
import { recipeHelp } from '../../../domain/recipe/recipeText';
import { command } from '../command';
import type { GivenOptions, Options } from '../option';
import { printLine } from '../print/terminal';

const OPTIONS = {
  preset: {
    type: 'choice',
    choices: PRESETS.map(({ id }) => id),
    help: 'Print this preset as JSON, for train --config.',
  },
} as const satisfies Options;

/** Prints the settings of a recipe, or a preset. */
export const recipe = command({
  about: 'Lists every recipe setting (for train --config) with its values, default and effect.',
  options: OPTIONS,
  run,
});

async function run({ preset }: GivenOptions<typeof OPTIONS>): Promise<number> {
  const found = PRESETS.find(({ id }) => id === preset);
  const text = found ? JSON.stringify(recipeSchema.parse(found.config), null, 2) : recipeHelp();
  for (const line of text.split('\n')) printLine(line);
  return 0;
}
