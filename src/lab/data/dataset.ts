import type { Example } from '../../domain/example';
import type { Recipe } from '../../domain/recipe/recipe';
import { fileSource } from '../../formats/source';
import type { Command, Notice } from '../../protocol/protocol';
import type { Platform } from '../platform';
import { ProgressMeter } from '../progress';
import { DEFAULT_SPLIT, type OpenData, openData, reportData, splitKey } from './openData';

/** The data that is open, reported under the recipe that was planned last. */
export class Dataset {
  private opened: OpenData | undefined;
  private split = DEFAULT_SPLIT;

  constructor(
    private readonly platform: Pick<Platform, 'builtInData' | 'now'>,
    private readonly notify: (notice: Notice) => void,
  ) {}

  get data(): OpenData | undefined {
    return this.opened;
  }

  /** Throws DataError when there is nothing to train on, or the files cannot be used together; what was open stays. */
  async open({ source, mapping }: Pick<Extract<Command, { type: 'openData' }>, 'source' | 'mapping'>): Promise<void> {
    const builtIn = source.kind === 'builtIn';
    const files = builtIn ? await this.platform.builtInData() : source.files.map((file) => fileSource(file));
    const meter = new ProgressMeter(this.notify, this.platform.now);
    const onProgress = (done: number, total: number) => meter.report('opening', done, total, null, 'Reading the data');
    const data = await openData(files, { builtIn, mapping, onProgress });
    const { report } = reportData(data, this.split);
    this.opened = data;
    this.notify({ type: 'dataOpened', data: report });
  }

  /** The training examples of a recipe. Reports the data anew where this recipe splits or filters it in another way. */
  plan(recipe: Recipe): readonly Example[] {
    const other = splitKey(recipe) !== splitKey(this.split);
    this.split = recipe;
    if (!this.opened) return [];
    const { split, report } = reportData(this.opened, recipe);
    if (other) this.notify({ type: 'dataReported', data: report });
    return split.train.map(({ example }) => example);
  }
}
