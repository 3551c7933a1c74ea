import type { RunConfig } from '../config/run';
import type { Notice } from '../protocol';
import type { Example } from '../rubric/example';
import { DEFAULT_SPLIT, type OpenData, reportData, splitKey } from './openData';

/** The data that is open, reported under the recipe that was planned last. */
export class DataDesk {
  private opened: OpenData | undefined;
  private split = DEFAULT_SPLIT;

  constructor(private readonly notify: (notice: Notice) => void) {}

  get data(): OpenData | undefined {
    return this.opened;
  }

  /** Throws DataError when the files cannot be used together; what was open stays. */
  take(data: OpenData): void {
    const { report } = reportData(data, this.split);
    this.opened = data;
    this.notify({ type: 'dataOpened', data: report });
  }

  /** The training examples of a recipe. Reports the data anew where this recipe splits or filters it in another way. */
  plan(recipe: RunConfig): readonly Example[] {
    const other = splitKey(recipe) !== splitKey(this.split);
    this.split = recipe;
    if (!this.opened) return [];
    const { split, report } = reportData(this.opened, recipe);
    if (other) this.notify({ type: 'dataReported', data: report });
    return split.train.map(({ example }) => example);
  }
}
