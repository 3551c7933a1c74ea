import type { Handlers } from '../../protocol/port';
import type { Command, Notice } from '../../protocol/protocol';
import { LabError } from '../failures';
import type { Platform } from '../platform';

interface Parts {
  readonly platform: () => Pick<Platform, 'savedModels' | 'deleteSavedModel'>;
  readonly notify: (notice: Notice) => void;
  /** Runs a task beside the queue and reports what it throws. */
  readonly atOnce: (task: () => Promise<void>) => Promise<void>;
  /** Id of the open model and of that of the live run. */
  readonly inUse: () => readonly (string | undefined)[];
}

/** The copies of opened models that the browser keeps so that runs can go on after a reload. */
export class SavedModels {
  constructor(private readonly parts: Parts) {}

  readonly handlers: Pick<Handlers<Command>, 'listModels' | 'deleteModel'> = {
    listModels: () => this.parts.atOnce(() => this.list()),
    deleteModel: ({ id }) => this.parts.atOnce(() => this.delete(id)),
  };

  private async list(): Promise<void> {
    const { platform, notify, inUse } = this.parts;
    const models = await platform().savedModels();
    notify({ type: 'models', models: models.map((model) => ({ ...model, inUse: inUse().includes(model.id) })) });
  }

  private async delete(id: string): Promise<void> {
    const { platform, inUse } = this.parts;
    if (inUse().includes(id)) {
      throw new LabError('badConfig', 'This model is open, so its copy was not deleted.', 'Open another model first.');
    }
    await platform().deleteSavedModel(id);
    await this.list();
  }
}
