import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { start } from '../run/runActions';
import { runStore, selectLive } from '../run/runStore';
import { Icon } from '../shell/Icon';
import { go } from '../shell/viewStore';
import { checkedOf, type GraderCheckState, graderCheckStore } from './graderCheckStore';
import { recipeChecks } from './recipe/recipeChecks';
import { type RecipeState, recipeStore } from './recipe/recipeStore';
import styles from './setup.module.css';
import { type SetupState, setupStore } from './setupStore';

const selectConfig = ({ config }: RecipeState) => config;
const selectSetup = (state: SetupState) => state;
const selectChecked = (state: GraderCheckState) => state;

/** Why a run cannot start, in words; null when it can. */
function obstacle({ device, model, data, plan }: SetupState, wrong: number): string | null {
  if (device.state === 'problem') return 'Training needs WebGPU. See Device above.';
  if (model.state === 'problem') return 'Open a model first. See Model above.';
  if (data.state === 'problem') return 'Open data first. See Data above.';
  if (wrong > 0) return 'Fix the recipe errors above.';
  if (device.state === 'opening' || model.state === 'opening' || data.state === 'opening') return 'Opening…';
  if (plan && !plan.fits) return 'The run does not fit on this adapter. See Memory above.';
  return null;
}

export function StartPanel() {
  const config = useStore(recipeStore, selectConfig);
  const setup = useStore(setupStore, selectSetup);
  const live = useStore(runStore, selectLive);
  const checked = useStore(graderCheckStore, selectChecked);
  const refused =
    checked.check?.result === 'chance' && !checked.anyway && checked.of === checkedOf(config, setup)
      ? 'The grader is no better than chance. See Grader check above.'
      : null;
  const why =
    live.name === 'idle'
      ? (obstacle(setup, recipeChecks(config, setup).wrong.length) ?? refused)
      : 'A run is in progress.';
  const begin = () => {
    start();
    go({ page: 'train' });
  };
  return (
    <div className={styles.start}>
      <Button size="md" leftSection={<Icon name="play" />} disabled={why !== null} onClick={begin}>
        Start training
      </Button>
      <span className="soft" role="status">
        {why ??
          `${config.steps} steps of ${config.promptsPerStep} × ${config.groupSize} answers. Pause or stop at any time; progress is saved.`}
      </span>
    </div>
  );
}
