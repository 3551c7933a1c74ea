import type { DataReport } from '../../domain/dataReport';
import type { Example } from '../../domain/example';
import type { Recipe } from '../../domain/recipe/recipe';
import { fileSource } from '../../formats/source';
import type { Request } from '../../protocol/requests';
import type { CallContext } from '../../protocol/server';
import type { Platform } from '../platform';
import { ProgressMeter } from '../progress';
import { DEFAULT_SPLIT, type OpenData, openData, reportData, splitKey } from './openData';

/** The data that is open, reported under the recipe that was planned last. */
export class Dataset {
  private opened: OpenData | undefined;
  private split = DEFAULT_SPLIT;

  constructor(private readonly platform: Pick<Platform, 'builtInData' | 'now'>) {}

  get data(): OpenData | undefined {
    return this.opened;
  }

  /** Throws DataError when there is nothing to train on, or the files cannot be used together; the open data stays. */
  async open(
    { source, mapping }: Omit<Request<'openData'>, 'type'>,
    { progress }: Pick<CallContext, 'progress'>,
  ): Promise<DataReport> {
    const builtIn = source.kind === 'builtIn';
    const files = builtIn ? await this.platform.builtInData() : source.files.map((file) => fileSource(file));
    const meter = new ProgressMeter(progress, this.platform.now);
    const onProgress = (done: number, total: number) => meter.report('opening', done, total, null, 'Reading the data');
    const data = await openData(files, { builtIn, mapping, onProgress });
    const { report } = reportData(data, this.split);
    this.opened = data;
    return report;
  }

  /**
   * The training examples of a recipe, and a report where this recipe splits or filters the data in another way than
   * the one before.
   */
  plan(recipe: Recipe): { readonly examples: readonly Example[]; readonly report: DataReport | null } {
    const other = splitKey(recipe) !== splitKey(this.split);
    this.split = recipe;
    if (!this.opened) return { examples: [], report: null };
    const { split, report } = reportData(this.opened, recipe);
    return { examples: split.train.map(({ example }) => example), report: other ? report : null };
  }
}
