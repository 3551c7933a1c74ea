import { useEffect } from 'react';
import { useStore } from 'zustand';
import { type RunState, runStore, selectMetrics } from '../run/runStore';
import { useShownRun } from '../run/useShownRun';
import { ROLLOUTS } from '../shell/route';
import { selectRoute, viewStore } from '../shell/viewStore';
import { RolloutBrowser } from './RolloutBrowser';
import { loadRollouts, type RolloutState, rolloutStore, stepKey } from './rolloutStore';
import styles from './rollouts.module.css';
import { SAMPLE_STEP } from './sampleStep';

const selectSteps = ({ steps }: RolloutState) => steps;
const selectLastStep = (state: RunState) => selectMetrics(state).at(-1)?.step ?? null;

/** A step of a run; without a run, an example that shows how to read one. */
export default function RolloutsPage() {
  const found = useStore(viewStore, selectRoute);
  const route = found.page === 'rollouts' ? found : ROLLOUTS;
  const run = useShownRun(route.runId);
  const last = useStore(runStore, selectLastStep);
  const steps = useStore(rolloutStore, selectSteps);
  const step = route.step ?? last;

  useEffect(() => {
    if (run && step !== null) loadRollouts(run.runId, step);
  }, [run, step]);

  // The tab shows the screen's name; this heading is for screen readers.
  const heading = <h1 className="heard">Rollouts</h1>;
  if (!run || step === null || last === null) {
    return (
      <>
        {heading}
        <p className={styles.sample}>
          <strong>An example, written by hand.</strong> Once a run has started, this screen shows every answer of every
          step, with its grades and the grader’s reasons.
        </p>
        <RolloutBrowser
          runId={null}
          step={1}
          lastStep={1}
          rollouts={SAMPLE_STEP}
          group={0}
          index={null}
          ungraded="leftOut"
        />
      </>
    );
  }
  const rollouts = steps.get(stepKey(run.runId, step));
  if (!rollouts) return <p className="soft">Loading the answers of step {step}…</p>;
  return (
    <>
      {heading}
      <RolloutBrowser
        runId={run.runId}
        step={step}
        lastStep={last}
        rollouts={rollouts}
        group={route.group}
        index={route.index}
        ungraded={run.config.grader.ungraded}
      />
    </>
  );
}
