import { nothingPasses } from '../../../data/filterWords';
import { problems, warmStartProblem, warnings } from '../../../domain/recipe/problems';
import type { Recipe } from '../../../domain/recipe/recipe';
import type { SetupState } from '../setupStore';

/** The errors of a recipe and the notes on surprising choices, given the open data. */
export function recipeChecks(config: Recipe, { data }: Pick<SetupState, 'data'>): { wrong: string[]; notes: string[] } {
  const lacks = data.state === 'ready' ? warmStartProblem(config, data.value.warmStart) : null;
  const nothing = data.state === 'ready' ? nothingPasses(data.value) : null;
  return {
    wrong: [...problems(config), ...(nothing ? [nothing] : []), ...(lacks?.blocks ? [lacks.text] : [])],
    notes: [...warnings(config), ...(lacks && !lacks.blocks ? [lacks.text] : [])],
  };
}
