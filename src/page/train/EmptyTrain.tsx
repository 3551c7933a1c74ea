import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { stop } from '../run/runActions';
import { runStore, selectLive } from '../run/runStore';
import { go } from '../shell/viewStore';
import styles from './train.module.css';

/** No run yet: says what this screen shows and how to start. */
export function EmptyTrain() {
  const live = useStore(runStore, selectLive);
  if (live.name === 'starting') {
    return (
      <div className={styles.empty} role="status">
        <h1 className={styles.lead}>Preparing the run</h1>
        <p className="soft">
          Compiling shaders and allocating memory on your graphics card. This usually takes seconds.
        </p>
        <div>
          <Button variant="default" size="compact-sm" onClick={stop}>
            Cancel
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.empty}>
      <h1 className={styles.lead}>No run yet</h1>
      <p className="soft">
        This screen shows reward and answer length at every step, and a few numbers that tell whether learning is
        healthy. Select a point to open its answers.
      </p>
      <div>
        <Button onClick={() => go({ page: 'setup' })}>Set up a run</Button>
      </div>
    </div>
  );
}
