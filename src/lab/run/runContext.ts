import type { WorkContext } from '../../domain/workContext';
import type { Notice } from '../../protocol/notices';
import type { RunStore } from '../../storage/runStore';
import type { Engine } from '../engine';
import type { Platform } from '../platform';
import type { TeacherAccess } from '../teacher/teacherKinds';

/**
 * What a run needs of the lab. `signal` cancels the opening of the run: the promise then rejects with an AbortError,
 * and nothing is saved.
 */
export interface RunContext extends Pick<WorkContext, 'signal'> {
  readonly platform: Pick<Platform, 'lock' | 'onnx' | 'openProbeThread' | 'now' | 'date'>;
  readonly engine: Engine;
  readonly store: RunStore;
  readonly notify: (notice: Notice) => void;
  /** The connected teacher; null without one. */
  readonly teacherAccess: TeacherAccess | null;
}
