import { NativeSelect } from '@mantine/core';
import { startTransition, useState } from 'react';
import { useStore } from 'zustand';
import { asksTeacher } from '../../config/gradingProblems';
import { PRESETS } from '../../config/presets';
import { recipeChecks } from '../../store/recipeChecks';
import { RECIPE_FIELDS, RECIPE_SECTIONS } from '../../store/recipeFields';
import { choosePreset, type RecipeState, recipeStore } from '../../store/recipeStore';
import { type SetupState, setupStore } from '../../store/setupStore';
import { CopyLink } from './CopyLink';
import { RecipeDiffs } from './RecipeDiffs';
import { RecipeFields } from './RecipeFields';
import { SetupCard } from './SetupCard';
import styles from './setup.module.css';
import { TeacherPicker } from './TeacherPicker';

const selectRecipe = (state: RecipeState) => state;
const selectData = ({ data }: SetupState) => data;

export function RecipeCard() {
  const { preset, config } = useStore(recipeStore, selectRecipe);
  const [more, setMore] = useState(false);
  const data = useStore(setupStore, selectData);
  const { wrong, notes } = recipeChecks(config, { data });
  const chosen = PRESETS.find(({ id }) => id === preset);
  return (
    <SetupCard number={4} title="Recipe" state={wrong.length > 0 ? 'problem' : 'ready'}>
      <div className={styles.actions}>
        <NativeSelect
          size="sm"
          aria-label="Recipe"
          value={preset}
          onChange={({ currentTarget }) => choosePreset(currentTarget.value as typeof preset)}
          data={PRESETS.map(({ id, title }) => ({ value: id, label: title }))}
        />
        <span className="soft small">{chosen?.help}</span>
      </div>
      <RecipeFields fields={RECIPE_FIELDS.filter(({ place }) => place === 'surface')} />
      {asksTeacher(config) && <TeacherPicker />}
      <div className={styles.actions}>
        <button
          type="button"
          className="link small"
          aria-expanded={more}
          onClick={() => startTransition(() => setMore(!more))}
        >
          {more ? 'Fewer settings' : 'More settings'}
        </button>
        <CopyLink />
      </div>
      <RecipeDiffs />
      {more &&
        RECIPE_SECTIONS.map(({ place, title }) => (
          <div key={place} className={styles.section}>
            <h3>{title}</h3>
            <RecipeFields
              fields={RECIPE_FIELDS.filter(({ place: at, shown }) => at === place && (shown?.(config) ?? true))}
            />
          </div>
        ))}
      {notes.map((text) => (
        <p key={text} className="soft small">
          Note: {text}.
        </p>
      ))}
      {wrong.map((text) => (
        <p key={text} role="alert" className={styles.refused}>
          {text}
        </p>
      ))}
    </SetupCard>
  );
}
