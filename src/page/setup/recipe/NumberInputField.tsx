import { NumberInput } from '@mantine/core';
import { useStore } from 'zustand';
import { DECIMALS, type NumberField } from '../../../domain/recipe/pageFields';
import { FieldLabel } from '../FieldLabel';
import { changeRecipe, type RecipeState, recipeStore } from './recipeStore';

const selectConfig = ({ config }: RecipeState) => config;

/** Takes effect only while the number is within its bounds; an empty field keeps the last good value. */
export function NumberInputField({ field }: { field: NumberField }) {
  const config = useStore(recipeStore, selectConfig);
  const value = field.get(config);
  if (value === null) return null;
  return (
    <div>
      <FieldLabel id={field.id} title={field.title} help={field.help} />
      <NumberInput
        id={field.id}
        size="sm"
        value={value}
        min={field.min}
        max={field.max}
        step={field.step}
        allowDecimal={!field.whole}
        decimalScale={field.whole ? 0 : DECIMALS}
        suffix={field.unit ? ` ${field.unit}` : undefined}
        hideControls
        clampBehavior="blur"
        onChange={(next) => {
          const number = Number(next);
          if (next === '' || !Number.isFinite(number) || number < field.min || number > field.max) return;
          changeRecipe(field.set(config, number));
        }}
      />
    </div>
  );
}
