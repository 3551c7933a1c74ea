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

/** The teacher that was given, without its key. */
export interface TeacherReport {
  readonly config: TeacherConfig;
  /** What it is, in words. */
  readonly detail: string;
}

export interface ModelReport {
  readonly name: string;
  /** Which weights it has (formats/checkpointId.ts); continuing a run asks for the same. */
  readonly id: string;
  readonly config: ModelConfig;
  readonly parameters: number;
  /** E.g. "bf16" or "4-bit (Q4_1)". */
  readonly weightFormat: string;
  readonly bytes: number;
  /** Of a PEFT adapter whose change is in the weights. `sameName` false: it names another base model, though every size agrees. */
  readonly adapter: { readonly rank: number; readonly madeFor: string | null; readonly sameName: boolean } | null;
}

/** A copy of a model that the browser keeps. */
export interface SavedModelReport {
  /** ModelReport.id */
  readonly id: string;
  readonly name: string;
  readonly keptAt: string; // ISO date
  readonly bytes: number;
  readonly inUse: boolean;
}
