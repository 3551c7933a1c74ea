/** `npm run docs`: writes docs/recipe.md from the declarations of the recipe. A test compares the two. */
import { writeFileSync } from 'node:fs';
import { recipeDocs } from '../src/domain/recipe/recipeText';

writeFileSync('docs/recipe.md', recipeDocs());
