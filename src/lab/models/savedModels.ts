import type { RequestHandlers } from '../../protocol/server';
import { LabError } from '../failures';
import type { Platform } from '../platform';

interface Parts {
  readonly platform: () => Pick<Platform, 'savedModels' | 'deleteSavedModel'>;
  /** Ids of the open model and of the live run's. */
  readonly inUse: () => readonly (string | undefined)[];
}

/** Copies of opened models, saved in the browser so that runs can continue after a reload. */
export class SavedModels {
  constructor(private readonly parts: Parts) {}

  readonly handlers: Pick<RequestHandlers, 'listModels' | 'deleteModel'> = {
    listModels: async () => {
      const { platform, inUse } = this.parts;
      const models = await platform().savedModels();
      return models.map((model) => ({ ...model, inUse: inUse().includes(model.id) }));
    },
    deleteModel: async ({ id }) => {
      const { platform, inUse } = this.parts;
      if (inUse().includes(id)) {
        throw new LabError(
          'badConfig',
          'This model is open, so its copy was not deleted.',
          'Open another model first.',
        );
      }
      await platform().deleteSavedModel(id);
    },
  };
}
