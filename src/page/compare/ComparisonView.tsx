import { useEffect } from 'react';
import { useStore } from 'zustand';
import { runStore, selectRuns } from '../run/runStore';
import { ComparisonForm } from './ComparisonForm';
import { ComparisonResult } from './ComparisonResult';
import styles from './compare.module.css';
import { listExamples } from './comparisonActions';
import { checkpointChoices, comparisonStore, selectComparison, selectComparisonForm } from './comparisonStore';
import { VoteTally } from './VoteTally';

/** One prompt to a checkpoint and the model before training: both write, both are graded, and a person votes. */
export function ComparisonView() {
  const runs = useStore(runStore, selectRuns);
  const comparison = useStore(comparisonStore, selectComparison);
  const { subject, source } = useStore(comparisonStore, selectComparisonForm);
  const choices = checkpointChoices(runs ?? []);
  const first = choices[0]?.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another checkpoint or another part of its data has other examples
  useEffect(listExamples, [first, subject, source]);
  if (choices.length === 0) {
    return (
      <p className="soft">
        {runs === null
          ? 'Loading checkpoints…'
          : 'No checkpoint yet. Train a few steps: a run saves a checkpoint when it ends, and you can compare it here with the model before training.'}
      </p>
    );
  }
  return (
    <div className={styles.view}>
      <ComparisonForm choices={choices} />
      {comparison && <ComparisonResult key={comparison.id} comparison={comparison} />}
      <VoteTally choices={choices} />
    </div>
  );
}
