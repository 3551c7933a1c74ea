import type { RunSummary } from '../../domain/run';
import type { OpenedRun } from '../../protocol/requests';
import type { RequestHandlers } from '../../protocol/server';
import type { RunStore } from '../../storage/runStore';
import { LabError } from '../failures';
import type { Platform } from '../platform';
import { sendInParts } from './metricsParts';
import { Reviews } from './reviews';
import { knownRun, runAsSeen } from './savedRun';
import type { Session } from './session';
import { loadWarmSteps } from './warmStartSteps';

interface Parts {
  readonly platform: () => Pick<Platform, 'isLocked' | 'lock'>;
  readonly store: () => Promise<RunStore>;
  /** The live run, if any. */
  readonly session: () => Session | undefined;
}

type SavedRunRequest =
  | 'listRuns'
  | 'openRun'
  | 'loadRollouts'
  | 'openReview'
  | 'saveOpinion'
  | 'deleteRun'
  | 'deleteCheckpoint';

/** Saved runs: looked at, reviewed and deleted beside the queue, also while one of them is live. */
export class SavedRuns {
  private readonly reviews: Reviews;

  constructor(private readonly parts: Parts) {
    this.reviews = new Reviews(parts.store);
  }

  readonly handlers: Pick<RequestHandlers, SavedRunRequest> = {
    listRuns: () => this.list(),
    openRun: async ({ runId }, { progress }) => sendInParts(await this.open(runId), progress),
    loadRollouts: async ({ runId, step }) => {
      const store = await this.parts.store();
      await this.liveOf(runId)?.settled();
      return store.loadRollouts(runId, step);
    },
    openReview: ({ runId, count }) => this.reviews.open(runId, count),
    saveOpinion: ({ runId, opinion }) => this.reviews.save(runId, opinion),
    deleteRun: ({ runId }) => this.deleteRun(runId),
    deleteCheckpoint: ({ runId, step }) => this.deleteCheckpoint(runId, step),
  };

  private async list(): Promise<readonly RunSummary[]> {
    const runs = await (await this.parts.store()).listRuns();
    return Promise.all(runs.map((run) => this.asSeen(run)));
  }

  private async open(runId: string): Promise<OpenedRun> {
    const store = await this.parts.store();
    await this.liveOf(runId)?.settled();
    const run = await this.asSeen(await knownRun(store, runId));
    return { run, metrics: await store.loadMetrics(runId), warmStart: await loadWarmSteps(store, runId) };
  }

  private asSeen(run: RunSummary): Promise<RunSummary> {
    return runAsSeen(run, this.parts.session()?.summary, this.parts.platform());
  }

  /** The run must not be live, here or in another tab. */
  private async deleteRun(runId: string): Promise<void> {
    if (this.liveOf(runId)) throw runUnderWay();
    const unlock = await this.parts.platform().lock(runId);
    try {
      await (await this.parts.store()).deleteRun(runId);
    } finally {
      unlock();
    }
  }

  private async deleteCheckpoint(runId: string, step: number): Promise<void> {
    const session = this.liveOf(runId);
    await session?.settled();
    await (await this.parts.store()).deleteCheckpoint(runId, step);
    session?.forgetCheckpoint(step);
  }

  private liveOf(runId: string): Session | undefined {
    const session = this.parts.session();
    return session?.summary.runId === runId ? session : undefined;
  }
}

export const runUnderWay = (): LabError =>
  new LabError('badConfig', 'A run is in progress.', 'Stop it first. It is saved and can be continued.');
