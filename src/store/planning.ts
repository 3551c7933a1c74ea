import { problems } from '../config/run';
import { send } from './connection';
import { followModel, recipeStore } from './recipeStore';
import { setupStore } from './setupStore';

const QUIET_MS = 200;

/** Asks for the memory plan whenever the model or the recipe has changed and rested. Called once, by main.tsx. */
export function followRecipe(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { config } = recipeStore.getState();
      if (setupStore.getState().model.state === 'ready' && problems(config).length === 0)
        send({ type: 'plan', config });
    }, QUIET_MS);
  };
  recipeStore.subscribe((now, before) => {
    if (now.config !== before.config) ask();
  });
  setupStore.subscribe((now, before) => {
    if (now.model === before.model || now.model.state !== 'ready') return;
    followModel(now.builtInModel);
    ask();
  });
}
