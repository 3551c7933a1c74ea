import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { start } from '../run/runActions';
import { runStore, selectLive } from '../run/runStore';
import { Icon } from '../shell/Icon';
import { go } from '../shell/viewStore';
import { recipeChecks } from './recipe/recipeChecks';
import { type RecipeState, recipeStore } from './recipe/recipeStore';
import styles from './setup.module.css';
import { type SetupState, setupStore } from './setupStore';

const selectConfig = ({ config }: RecipeState) => config;
const selectSetup = (state: SetupState) => state;

/** What keeps a run from starting, in words; null when it can. */
function obstacle({ device, model, data, plan }: SetupState, wrong: number): string | null {
  if (device.state === 'problem') return 'Training needs WebGPU: see Device above.';
  if (model.state === 'problem') return 'Choose a model that can be opened.';
  if (data.state === 'problem') return 'Choose data that can be read.';
  if (wrong > 0) return 'Mend the recipe first.';
  if (device.state === 'opening' || model.state === 'opening' || data.state === 'opening') return 'One moment…';
  if (plan && !plan.fits) return 'It does not fit on this adapter: see Memory above.';
  return null;
}

export function StartPanel() {
  const config = useStore(recipeStore, selectConfig);
  const setup = useStore(setupStore, selectSetup);
  const live = useStore(runStore, selectLive);
  const why = live.name === 'idle' ? obstacle(setup, recipeChecks(config, setup).wrong.length) : 'A run is under way.';
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
          `${config.steps} steps of ${config.promptsPerStep} × ${config.groupSize} answers. Pause or stop at any time; what was learned is kept.`}
      </span>
    </div>
  );
}
