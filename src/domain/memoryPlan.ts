/** Bytes that a run needs on the GPU, by what they are for. Made by model/plan.ts before anything is allocated. */
export interface MemoryPlan {
  readonly parts: readonly MemoryPart[];
  readonly bytes: number;
  /**
   * What the adapter is known to offer for one buffer; the whole is not revealed by browsers, so the page says "needs",
   * not "has".
   */
  readonly largestBufferBytes: number;
  /** False when a single buffer is over the adapter's limit: then it cannot run whatever the memory. */
  readonly fits: boolean;
  /** Changes that would save the most, best first. */
  readonly savings: readonly { readonly knob: string; readonly change: string; readonly bytes: number }[];
}

export interface MemoryPart {
  readonly name:
    | 'weights'
    | 'starting weights'
    | 'adapter and optimizer'
    | 'KV cache'
    | 'activations'
    | 'head'
    | 'other';
  readonly bytes: number;
}
