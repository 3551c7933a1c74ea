import { warmStartProblem } from '../config/learningProblems';
import { problems, type RunConfig, warnings } from '../config/run';
import { nothingPasses } from '../rubric/filterWords';
import type { SetupState } from './setupStore';

/** What is wrong with a recipe, and what a person may not expect of it, also in view of the open data. */
export function recipeChecks(
  config: RunConfig,
  { data }: Pick<SetupState, 'data'>,
): { wrong: string[]; notes: string[] } {
  const lacks = data.state === 'ready' ? warmStartProblem(config, data.value.warmStart) : null;
  const nothing = data.state === 'ready' ? nothingPasses(data.value) : null;
  return {
    wrong: [...problems(config), ...(nothing ? [nothing] : []), ...(lacks?.blocks ? [lacks.text] : [])],
    notes: [...warnings(config), ...(lacks && !lacks.blocks ? [lacks.text] : [])],
  };
}
