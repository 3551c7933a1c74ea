import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { stop } from '../run/runActions';
import { runStore, selectLive } from '../run/runStore';
import { go } from '../shell/viewStore';
import styles from './train.module.css';

/** No run yet: what will be here, and how to get it. */
export function EmptyTrain() {
  const live = useStore(runStore, selectLive);
  if (live.name === 'starting') {
    return (
      <div className={styles.empty} role="status">
        <h1 className={styles.lead}>Getting ready</h1>
        <p className="soft">
          Compiling the programs for your graphics card and laying out its memory. Seconds, as a rule.
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
      <h1 className={styles.lead}>Nothing is training yet</h1>
      <p className="soft">
        Here you will watch the reward and the length of the answers change from step to step, and a few numbers that
        tell whether learning is healthy. Every point opens the answers behind it.
      </p>
      <div>
        <Button onClick={() => go({ page: 'setup' })}>Set up a run</Button>
      </div>
    </div>
  );
}
