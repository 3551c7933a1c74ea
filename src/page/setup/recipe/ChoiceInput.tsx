import { NativeSelect } from '@mantine/core';
import { useStore } from 'zustand';
import type { ChoiceField } from '../../../domain/recipe/pageFields';
import { FieldLabel } from '../FieldLabel';
import { changeRecipe, type RecipeState, recipeStore } from './recipeStore';

const selectConfig = ({ config }: RecipeState) => config;

export function ChoiceInput({ field }: { field: ChoiceField }) {
  const config = useStore(recipeStore, selectConfig);
  return (
    <div>
      <FieldLabel id={field.id} title={field.title} help={field.help} />
      <NativeSelect
        id={field.id}
        size="sm"
        value={field.get(config)}
        onChange={({ currentTarget }) => changeRecipe(field.set(config, currentTarget.value))}
        data={[...field.options]}
      />
    </div>
  );
}
