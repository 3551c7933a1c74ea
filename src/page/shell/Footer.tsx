import { useStore } from 'zustand';
import { asksTeacher } from '../../domain/recipe/problems';
import type { Recipe } from '../../domain/recipe/recipe';
import type { TeacherConfig } from '../../domain/recipe/teacher';
import { isWithheld } from '../../domain/recipe/teacherAddress';
import { type EvaluationState, evaluationStore } from '../evaluate/evaluationStore';
import { runStore, selectLiveRun } from '../run/runStore';
import { type RecipeState, recipeStore } from '../setup/recipe/recipeStore';
import { teacherStore } from '../setup/teacher/teacherStore';
import styles from './shell.module.css';

const selectGrader = ({ form }: EvaluationState) => form.grader;
const selectGiven = ({ teacher }: ReturnType<typeof teacherStore.getState>) =>
  teacher?.state === 'ready' ? teacher.value.config : null;
const selectConfig = ({ config }: RecipeState) => config;

function hostOfTeacher(teacher: TeacherConfig | null | undefined): string | null {
  if (teacher?.kind !== 'endpoint') return null;
  return isWithheld(teacher) ? `the address of ${teacher.model}` : new URL(teacher.url).host;
}

/** The host that receives prompts and answers, if any. */
function hostOf(config: Recipe): string | null {
  return asksTeacher(config) ? hostOfTeacher(config.grader.teacher) : null;
}

/** Says what leaves the tab, for the live run, the recipe and Evaluate: nothing, unless a remote teacher grades. */
export function Footer() {
  const recipe = useStore(recipeStore, selectConfig);
  const run = useStore(runStore, selectLiveRun);
  const grader = useStore(evaluationStore, selectGrader);
  const given = useStore(teacherStore, selectGiven);
  const host = (run && hostOf(run.config)) ?? hostOf(recipe) ?? (grader === 'teacher' ? hostOfTeacher(given) : null);
  return (
    <footer className={styles.footer}>
      {host === null
        ? 'Everything runs in this tab. Nothing is sent anywhere. '
        : `Prompts, answers and criteria are sent to ${host} for grading. Everything else runs in this tab. `}
      For research only. Not medical advice.
    </footer>
  );
}
