import { useMantineColorScheme } from '@mantine/core';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useStore } from 'zustand';
import { exportRun } from '../checkpoints/checkpointActions';
import { pause, resume, saveCheckpoint, showRun, start, stepOnce, stop } from '../run/runActions';
import { runStore, selectLive, selectRuns, selectShownId } from '../run/runStore';
import { Icon } from './Icon';
import { ROLLOUTS } from './route';
import { go, selectSmoothing, viewStore } from './viewStore';

/** All actions, by name. */
export function CommandPalette() {
  const live = useStore(runStore, selectLive);
  const runs = useStore(runStore, selectRuns);
  const shownId = useStore(runStore, selectShownId);
  const smoothing = useStore(viewStore, selectSmoothing);
  const { toggleColorScheme } = useMantineColorScheme();
  const action = (label: string, onClick: () => void, description?: string): SpotlightActionData => ({
    id: label,
    label,
    description,
    onClick,
  });

  const actions: SpotlightActionData[] = [
    action('Go to Set up', () => go({ page: 'setup' })),
    action('Go to Train', () => go({ page: 'train' })),
    action('Go to Evaluate', () => go({ page: 'evaluate' })),
    action('Compare answers live', () => go({ page: 'evaluate', view: 'sideBySide' })),
    action('Go to Rollouts', () => go(ROLLOUTS)),
    action('Go to Review', () => go({ page: 'review', runId: null })),
    action('Go to Checkpoints', () => go({ page: 'checkpoints' })),
    action('Switch between light and dark', toggleColorScheme),
    action(smoothing ? 'Turn off chart smoothing' : 'Smooth the charts', () =>
      viewStore.setState({ smoothing: !smoothing }),
    ),
  ];
  if (live.name === 'idle')
    actions.unshift(action('Start training', start, 'Uses the model, data and recipe on Set up'));
  if (live.name === 'running')
    actions.unshift(action('Pause the run', pause), action('Save a checkpoint', saveCheckpoint));
  if (live.name === 'paused') actions.unshift(action('Resume the run', resume), action('Run one step', stepOnce));
  if ('runId' in live) actions.push(action('Stop the run', stop, 'Saves a checkpoint first'));
  if (shownId !== null) {
    actions.push(action('Export metrics as CSV', () => exportRun(shownId, 'metricsCsv')));
    actions.push(action('Export answers and grades as JSONL', () => exportRun(shownId, 'rollouts')));
  }
  for (const run of runs ?? []) actions.push(action(`Show ${run.name}`, () => showRun(run.runId), run.status));

  return (
    <Spotlight
      actions={actions}
      shortcut="mod + K"
      nothingFound="No matching action"
      searchProps={{ leftSection: <Icon name="search" />, placeholder: 'Search actions' }}
    />
  );
}
