import { useStore } from 'zustand';
import { type RunState, runStore, selectMetrics, selectShown } from '../../store/runStore';
import { BigCharts } from './BigCharts';
import { EmptyTrain } from './EmptyTrain';
import { HealthLine } from './HealthLine';
import { LatestStep } from './LatestStep';
import { RunHeadline } from './RunHeadline';
import { SmallCharts } from './SmallCharts';
import { Tiles } from './Tiles';

const selectHasSteps = (state: RunState) => selectMetrics(state).length > 0;

export function TrainPage() {
  const run = useStore(runStore, selectShown);
  const hasSteps = useStore(runStore, selectHasSteps);
  if (!run) return <EmptyTrain />;
  return (
    <>
      <RunHeadline run={run} />
      {hasSteps ? (
        <>
          <Tiles />
          <BigCharts limit={run.config.sampling.maxNewTokens} />
          <HealthLine />
          <SmallCharts />
          <LatestStep />
        </>
      ) : (
        <p className="soft">The first step is under way. Charts begin when it is done.</p>
      )}
    </>
  );
}
