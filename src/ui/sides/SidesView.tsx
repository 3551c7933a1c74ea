import { useEffect } from 'react';
import { useStore } from 'zustand';
import { runStore, selectRuns } from '../../store/runStore';
import { listExamples } from '../../store/sidesActions';
import { checkpointChoices, selectAsked, selectSidesForm, sidesStore } from '../../store/sidesStore';
import { SidesForm } from './SidesForm';
import { SidesResult } from './SidesResult';
import styles from './sides.module.css';
import { VoteTally } from './VoteTally';

/** One question to a checkpoint and to the model it was trained from: both write at once, both are graded, and a person says which is better. */
export function SidesView() {
  const runs = useStore(runStore, selectRuns);
  const asked = useStore(sidesStore, selectAsked);
  const { subject, source } = useStore(sidesStore, selectSidesForm);
  const choices = checkpointChoices(runs ?? []);
  const first = choices[0]?.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another checkpoint or another part of its data has other examples
  useEffect(listExamples, [first, subject, source]);
  if (choices.length === 0) {
    return (
      <p className="soft">
        {runs === null
          ? 'Looking for checkpoints…'
          : 'There is no checkpoint yet. Train a few steps: a run saves one when it ends, and it can then be compared here with the model that it started from.'}
      </p>
    );
  }
  return (
    <div className={styles.view}>
      <SidesForm choices={choices} />
      {asked && <SidesResult key={asked.request.id} asked={asked} />}
      <VoteTally choices={choices} />
    </div>
  );
}
