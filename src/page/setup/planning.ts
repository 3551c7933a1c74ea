import { call } from '../connection/calls';
import { showRejection } from '../connection/showFailure';
import { followModel, recipeStore } from './recipe/recipeStore';
import { reportData, setupStore } from './setupStore';

const QUIET_MS = 200;

/**
 * Requests the memory plan and the data split when the model, data or recipe has changed and then rested. Called once,
 * by main.tsx.
 */
export function followRecipe(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { model, data } = setupStore.getState();
      if (model.state === 'ready' || data.state === 'ready') plan().catch(showRejection);
    }, QUIET_MS);
  };
  recipeStore.subscribe((now, before) => {
    if (now.config !== before.config) ask();
  });
  setupStore.subscribe((now, before) => {
    // Each plan reports the data again; that is not a change.
    const data = now.data.state === 'ready' && before.data.state !== 'ready';
    const model = now.model !== before.model && now.model.state === 'ready';
    if (model) followModel(now.builtInModel);
    if (model || data) ask();
  });
}

async function plan(): Promise<void> {
  const { plan, data } = await call({ type: 'plan', config: recipeStore.getState().config });
  if (data) reportData(data);
  if (plan && setupStore.getState().model.state === 'ready') setupStore.setState({ plan });
}
