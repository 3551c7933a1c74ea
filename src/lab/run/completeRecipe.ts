import { problems } from '../../domain/recipe/problems';
import { type Recipe, recipeSchema } from '../../domain/recipe/recipe';
import { parseTemplate } from '../../grading/graderPrompt';
import { LabError } from '../failures';
import type { OpenModel } from '../models/openModel';

/**
 * The recipe of a run: every default filled in, with the model's own grader prompt. Throws ZodError and LabError
 * badConfig.
 */
export function completeRecipe(requested: unknown, { graderTemplate }: Pick<OpenModel, 'graderTemplate'>): Recipe {
  const recipe = recipeSchema.parse(requested);
  const wrong = problems(recipe);
  if (wrong.length > 0) throw new LabError('badConfig', wrong.join('; '), 'Fix the recipe.');
  const template = recipe.grader.template ?? graderTemplate ?? undefined;
  try {
    parseTemplate(template);
  } catch (error) {
    throw new LabError('badConfig', (error as Error).message, 'Fix the grader template, or remove it.');
  }
  return { ...recipe, grader: { ...recipe.grader, ...(template !== undefined && { template }) } };
}
