import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { newestCheckpoint } from '../../domain/run';
import { continueRun } from '../run/runActions';
import { runStore, selectInterrupted } from '../run/runStore';
import { type SetupState, setupStore } from '../setup/setupStore';
import { plural } from '../shell/format';
import { go } from '../shell/viewStore';
import styles from './checkpoints.module.css';

const selectReady = ({ device, model, data }: SetupState) =>
  device.state === 'ready' && model.state === 'ready' && data.state === 'ready';

/** After a reload or a lost device: the interrupted run and the steps to repeat, if any. */
export function ContinueBanner() {
  const run = useStore(runStore, selectInterrupted);
  const ready = useStore(setupStore, selectReady);
  const [later, setLater] = useState<string | null>(null);
  const newest = run && newestCheckpoint(run);
  if (!run || later === run.runId) return null;
  const from = newest?.step ?? 0;
  const lost = run.step - from;
  const damaged = run.checkpoints.filter(({ step, damaged }) => damaged !== undefined && step > from);
  const goOn = () => {
    continueRun(run, from);
    go({ page: 'train' });
  };
  return (
    <section className={styles.banner} aria-label="Interrupted run">
      <div>
        <h2>
          {run.name} was interrupted at step {run.step} of {run.steps}
        </h2>
        {damaged.map(({ step, damaged }) => (
          <p key={step}>
            The checkpoint of step {step} is damaged: {damaged}.
          </p>
        ))}
        <p className="soft">
          {lost === 0 ? 'All steps are saved.' : `It continues from step ${from} and repeats ${plural(lost, 'step')}.`}
        </p>
      </div>
      <Group gap={8}>
        <Button disabled={!ready} onClick={goOn}>
          Continue
        </Button>
        <Button variant="default" onClick={() => setLater(run.runId)}>
          Not now
        </Button>
      </Group>
    </section>
  );
}
