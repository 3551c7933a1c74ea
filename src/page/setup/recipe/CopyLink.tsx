import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { asksTeacher } from '../../../domain/recipe/problems';
import { tell } from '../../shell/toastStore';
import { recipeAddress } from './recipeLinkStore';
import { type RecipeState, recipeStore } from './recipeStore';

const selectRecipe = (state: RecipeState) => state;

/** Copies an address that opens this page with this recipe. Shows the address where copying is not allowed. */
export function CopyLink() {
  const recipe = useStore(recipeStore, selectRecipe);
  const [refused, setRefused] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(recipeAddress(recipe));
      setRefused(false);
      tell(asksTeacher(recipe.config) ? 'Link copied, without the teacher.' : 'Link copied, with the whole recipe.');
    } catch {
      setRefused(true);
    }
  };
  return (
    <>
      <button type="button" className="link small" onClick={copy}>
        Copy link
      </button>
      {refused && (
        <TextInput
          size="xs"
          readOnly
          aria-label="Link to this recipe"
          value={recipeAddress(recipe)}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      )}
    </>
  );
}
