import type { Example } from '../../domain/example';
import type { RunSummary } from '../../domain/run';
import type { Gpu } from '../../gpu/gpu';
import type { Teacher } from '../../grading/teacher';
import type { LanguageModel } from '../../model/languageModel';
import type { Notice } from '../../protocol/protocol';
import type { SftSource } from '../../rl/warmStart';
import type { RunStore } from '../../storage/runStore';
import type { OpenModel } from '../models/openModel';

export interface SessionParts {
  readonly run: RunSummary;
  readonly gpu: Gpu;
  readonly model: LanguageModel;
  readonly opened: OpenModel;
  /** Training examples, in the order that the run's shuffles start from. */
  readonly examples: readonly Example[];
  /** Held-out prompts that it is watched on; empty when it is not. */
  readonly watched: readonly Example[];
  /** What the warm start learns from, and its steps that a checkpoint has behind it. Absent without one. */
  readonly warm?: { readonly documents: SftSource; readonly done: number };
  readonly store: RunStore;
  readonly notify: (notice: Notice) => void;
  readonly teacher: Teacher | null;
  readonly now: () => number;
}
