import { Menu } from '@mantine/core';
import { useStore } from 'zustand';
import { formatNumber } from '../shell/format';
import { Icon } from '../shell/Icon';
import { ROLLOUTS } from '../shell/route';
import { go, viewStore } from '../shell/viewStore';
import { showRun } from './runActions';
import { runStore, selectRuns, selectShown } from './runStore';

function choose(runId: string): void {
  showRun(runId);
  if (viewStore.getState().route.page === 'rollouts') go({ ...ROLLOUTS, runId });
}

/** Chooses the run that Train and Rollouts show. Renders nothing before the first run. */
export function RunPicker() {
  const runs = useStore(runStore, selectRuns);
  const shown = useStore(runStore, selectShown);
  if (!runs || runs.length === 0) return null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <button type="button" className="plain small" aria-label="Choose a run">
          {shown?.name ?? 'Choose a run'} <Icon name="down" size={12} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {runs.map((run) => (
          <Menu.Item key={run.runId} onClick={() => choose(run.runId)} className="small">
            {run.name} · step {run.step} of {run.steps} · reward {formatNumber(run.lastReward)} · {run.status}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
