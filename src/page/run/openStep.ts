import { go } from '../shell/viewStore';
import { runStore } from './runStore';

/** Opens the answers of a step of the shown run. */
export function openStep(step: number): void {
  go({ page: 'rollouts', runId: runStore.getState().shownId, step, group: 0, index: null });
}
