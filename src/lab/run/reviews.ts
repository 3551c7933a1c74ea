import type { RolloutRecord } from '../../domain/rolloutRecord';
import {
  drawVerdict,
  type Opinion,
  opinionSchema,
  opinionsJsonl,
  type ReviewItem,
  readOpinions,
  reviewPlan,
} from '../../evaluation/review';
import type { Review } from '../../protocol/requests';
import { derive } from '../../random';
import type { RunStore } from '../../storage/runStore';
import { LabError } from '../failures';

export const REVIEW_FILE = 'review.jsonl';
/** Verdicts that one review may hold. */
const MOST = 2000;

/** A person's opinions on a run's verdicts: saved with the run, one change after the other. */
export class Reviews {
  private writes: Promise<unknown> = Promise.resolve();

  constructor(private readonly store: () => Promise<RunStore>) {}

  /** The opinions so far and `count` more verdicts, drawn across the run's steps, none twice. */
  async open(runId: string, count: number): Promise<Review> {
    const store = await this.store();
    const run = await store.loadRun(runId);
    if (!run) throw new LabError('unexpected', `Run ${runId} does not exist.`, 'Choose another run.');
    await this.writes.catch(() => {});
    const opinions = await load(store, runId);
    const taken = new Set(opinions.map(({ item }) => item.id));
    const items: ReviewItem[] = [];
    const seed = derive(run.config.seed, opinions.length);
    const steps = new Map<number, readonly RolloutRecord[]>();
    for (const { step, kind } of reviewPlan(run.step, Math.min(count, MOST), seed)) {
      const rollouts = steps.get(step) ?? (await store.loadRollouts(runId, step));
      if (run.step <= 8) steps.set(step, rollouts); // few steps come up again and again
      const item = drawVerdict(rollouts, kind, taken, seed);
      if (!item) continue;
      taken.add(item.id);
      items.push(item);
    }
    return { opinions, items };
  }

  /** A second opinion on the same verdict takes the place of the first. */
  save(runId: string, given: Opinion): Promise<void> {
    const opinion = opinionSchema.parse(given);
    const write = this.writes
      .catch(() => {})
      .then(async () => {
        const store = await this.store();
        const others = (await load(store, runId)).filter(({ item }) => item.id !== opinion.item.id);
        await store.saveFile(
          runId,
          REVIEW_FILE,
          new TextEncoder().encode(opinionsJsonl([...others, opinion].slice(-MOST))),
        );
      });
    this.writes = write;
    return write;
  }
}

const load = async (store: RunStore, runId: string): Promise<Opinion[]> =>
  readOpinions(new TextDecoder().decode((await store.loadFile(runId, REVIEW_FILE)) ?? new Uint8Array()));
