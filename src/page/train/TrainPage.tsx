import { useDeferredValue } from 'react';
import { useStore } from 'zustand';
import type { RunSummary } from '../../domain/run';
import { runStore, selectMetrics } from '../run/runStore';
import { useShownRun } from '../run/useShownRun';
import { BigCharts } from './BigCharts';
import { EmptyTrain } from './EmptyTrain';
import { GraderCharts } from './GraderCharts';
import { HealthLine } from './HealthLine';
import { LatestStep } from './LatestStep';
import { LiveStep } from './LiveStep';
import { RunHeadline } from './RunHeadline';
import { SmallCharts } from './SmallCharts';
import { Tiles } from './Tiles';
import { WarmStart } from './WarmStart';

/** Draws new steps when the page is idle, one chart after the other, so that no task blocks the page. */
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
          <LiveStep />
          <SmallCharts metrics={metrics} />
          <GraderCharts metrics={metrics} />
          <LatestStep />
        </>
      ) : (
        <>
          <p className="soft">{firstWords(run)}</p>
          <LiveStep />
        </>
      )}
      <WarmStart started={metrics.length > 0} />
    </>
  );
}

const firstWords = ({ config }: RunSummary): string =>
  config.warmStart.steps > 0
    ? 'The warm start trains on the data’s own answers and verdicts. Charts begin after the first step.'
    : 'The first step is in progress. Charts begin when it is done.';
