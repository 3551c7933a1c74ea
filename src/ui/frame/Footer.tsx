import { useStore } from 'zustand';
import { asksTeacher } from '../../config/gradingProblems';
import type { RunConfig } from '../../config/run';
import { type RecipeState, recipeStore } from '../../store/recipeStore';
import { runStore, selectLiveRun } from '../../store/runStore';
import styles from './frame.module.css';

const selectConfig = ({ config }: RecipeState) => config;

/** Where questions and answers go, if they go anywhere. */
function hostOf(config: RunConfig): string | null {
  const { teacher } = config.grader;
  return asksTeacher(config) && teacher?.kind === 'endpoint' ? new URL(teacher.url).host : null;
}

/** What leaves the tab, of the run that lives and of the one that is being set up: nothing, unless a teacher elsewhere grades. */
export function Footer() {
  const recipe = useStore(recipeStore, selectConfig);
  const run = useStore(runStore, selectLiveRun);
  const host = (run && hostOf(run.config)) ?? hostOf(recipe);
  return (
    <footer className={styles.footer}>
      {host === null
        ? 'Everything runs in this tab. Nothing is sent anywhere. '
        : `Questions, answers and criteria are sent to ${host} for grading. Everything else runs in this tab. `}
      Research use; not medical advice.
    </footer>
  );
}
