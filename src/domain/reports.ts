import type { ModelConfig } from './model';
import type { TeacherConfig } from './recipe/teacher';

export interface DeviceReport {
  readonly name: string;
  readonly backend: string;
  readonly software: boolean;
  readonly f16: boolean;
  readonly subgroups: boolean;
  readonly maxBufferBytes: number;
  readonly maxBindingBytes: number;
  readonly maxWorkgroupInvocations: number;
}

/** The open teacher, without its key. */
export interface TeacherReport {
  readonly config: TeacherConfig;
  /** A description of it. */
  readonly detail: string;
}

export interface ModelReport {
  readonly name: string;
  /** Identifies its weights (formats/checkpointId.ts); a run continues with the same weights only. */
  readonly id: string;
  readonly config: ModelConfig;
  readonly parameters: number;
  /** E.g. "bf16" or "4-bit (Q4_1)". */
  readonly weightFormat: string;
  readonly bytes: number;
  /** Of a merged PEFT adapter. `sameName` false: it names another base model, though every size matches. */
  readonly adapter: { readonly rank: number; readonly madeFor: string | null; readonly sameName: boolean } | null;
}

/** A copy of a model, saved in the browser. */
export interface SavedModelReport {
  /** ModelReport.id */
  readonly id: string;
  readonly name: string;
  readonly savedAt: string; // ISO date
  readonly bytes: number;
  readonly inUse: boolean;
}
