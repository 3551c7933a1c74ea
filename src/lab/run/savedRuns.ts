import type { Handlers } from '../../protocol/port';
import type { Command, Notice } from '../../protocol/protocol';
import type { RunStore } from '../../storage/runStore';
import { LabError } from '../failures';
import type { Platform } from '../platform';
import { Reviews } from './reviews';
import { knownRun, runAsSeen } from './savedRun';
import type { Session } from './session';
import { loadWarmSteps } from './warmStartSteps';

interface Parts {
  readonly platform: () => Pick<Platform, 'isLocked' | 'lock'>;
  readonly notify: (notice: Notice) => void;
  readonly store: () => Promise<RunStore>;
  /** The live run, if any. */
  readonly session: () => Session | undefined;
  /** Runs a task beside the queue and reports what it throws. */
  readonly atOnce: (task: () => Promise<void>, runId: string | null) => Promise<void>;
}

type ShelfCommand =
  | 'listRuns'
  | 'openRun'
  | 'loadRollouts'
  | 'openReview'
  | 'keepOpinion'
  | 'deleteRun'
  | 'deleteCheckpoint';

/** Kept runs: looked at, reviewed and deleted, also while one of them lives. */
export class SavedRuns {
  private readonly reviews: Reviews;

  constructor(private readonly parts: Parts) {
    this.reviews = new Reviews(parts.store);
  }

  readonly handlers: Pick<Handlers<Command>, ShelfCommand> = {
    listRuns: () => this.parts.atOnce(() => this.list(), null),
    openRun: ({ runId }) => this.parts.atOnce(() => this.open(runId), runId),
    loadRollouts: ({ runId, step }) => this.parts.atOnce(() => this.loadRollouts(runId, step), runId),
    openReview: ({ runId, count }) =>
      this.parts.atOnce(async () => this.parts.notify(await this.reviews.open(runId, count)), runId),
    keepOpinion: ({ runId, opinion }) => this.parts.atOnce(() => this.reviews.keep(runId, opinion), runId),
    deleteRun: ({ runId }) => this.parts.atOnce(() => this.deleteRun(runId), runId),
    deleteCheckpoint: ({ runId, step }) => this.parts.atOnce(() => this.deleteCheckpoint(runId, step), runId),
  };

  async list(): Promise<void> {
    const { notify, store, session, platform } = this.parts;
    const runs = await (await store()).listRuns();
    const seen = runs.map((run) => runAsSeen(run, session()?.summary, platform()));
    notify({ type: 'runs', runs: await Promise.all(seen) });
  }

  private async open(runId: string): Promise<void> {
    const { notify, session, platform } = this.parts;
    const store = await this.parts.store();
    await this.liveOf(runId)?.settled();
    const run = await runAsSeen(await knownRun(store, runId), session()?.summary, platform());
    const metrics = await store.loadMetrics(runId);
    notify({ type: 'runOpened', run, metrics, warmStart: await loadWarmSteps(store, runId) });
  }

  private async loadRollouts(runId: string, step: number): Promise<void> {
    const store = await this.parts.store();
    await this.liveOf(runId)?.settled();
    this.parts.notify({ type: 'rollouts', runId, step, rollouts: await store.loadRollouts(runId, step) });
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
    await this.list();
  }

  private async deleteCheckpoint(runId: string, step: number): Promise<void> {
    const session = this.liveOf(runId);
    await session?.settled();
    await (await this.parts.store()).deleteCheckpoint(runId, step);
    session?.forgetCheckpoint(step);
    await this.list();
  }

  private liveOf(runId: string): Session | undefined {
    const session = this.parts.session();
    return session?.summary.runId === runId ? session : undefined;
  }
}

export const runUnderWay = (): LabError =>
  new LabError('badConfig', 'A run is under way.', 'Stop it first; it is saved and can be continued later.');
