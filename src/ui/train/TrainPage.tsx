import { useDeferredValue } from 'react';
import { useStore } from 'zustand';
import { runStore, selectMetrics } from '../../store/runStore';
import { useShownRun } from '../useShownRun';
import { BigCharts } from './BigCharts';
import { EmptyTrain } from './EmptyTrain';
import { GraderCharts } from './GraderCharts';
import { HealthLine } from './HealthLine';
import { LatestStep } from './LatestStep';
import { RunHeadline } from './RunHeadline';
import { SmallCharts } from './SmallCharts';
import { Tiles } from './Tiles';

/** New steps are drawn when the page has time, one chart after the other: no task of ours holds up the page. */
export function TrainPage() {
  const run = useShownRun();
  const metrics = useDeferredValue(useStore(runStore, selectMetrics));
  if (!run) return <EmptyTrain />;
  return (
    <>
      <RunHeadline run={run} />
      {metrics.length > 0 ? (
        <>
          <Tiles metrics={metrics} grader={run.config.grader} />
          <BigCharts metrics={metrics} limit={run.config.sampling.maxNewTokens} />
          <HealthLine metrics={metrics} config={run.config} />
          <SmallCharts metrics={metrics} />
          <GraderCharts metrics={metrics} />
          <LatestStep />
        </>
      ) : (
        <p className="soft">The first step is under way. Charts begin when it is done.</p>
      )}
    </>
  );
}
