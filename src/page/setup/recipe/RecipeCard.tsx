import { NativeSelect } from '@mantine/core';
import { startTransition, useState } from 'react';
import { useStore } from 'zustand';
import { RECIPE_FIELDS, RECIPE_SECTIONS } from '../../../domain/recipe/pageFields';
import { PRESETS } from '../../../domain/recipe/presets';
import { asksTeacher } from '../../../domain/recipe/problems';
import { SetupCard } from '../SetupCard';
import styles from '../setup.module.css';
import { type SetupState, setupStore } from '../setupStore';
import { TeacherPicker } from '../teacher/TeacherPicker';
import { CopyLink } from './CopyLink';
import { RecipeDiffs } from './RecipeDiffs';
import { RecipeFields } from './RecipeFields';
import { recipeChecks } from './recipeChecks';
import { choosePreset, type RecipeState, recipeStore } from './recipeStore';

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
      <RecipeFields fields={RECIPE_FIELDS.filter(({ section }) => section === 'surface')} />
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
        RECIPE_SECTIONS.map(({ id, title }) => (
          <div key={id} className={styles.section}>
            <h3>{title}</h3>
            <RecipeFields fields={RECIPE_FIELDS.filter(({ section, shown }) => section === id && shown(config))} />
          </div>
        ))}
      {notes.map((text) => (
        <p key={text} className="soft small">
          Note: {text}
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
