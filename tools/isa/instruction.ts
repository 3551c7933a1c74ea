export type Kind =
  | 'wait'
  | 'barrier'
  | 'branch'
  | 'hint'
  | 'smem'
  | 'salu'
  | 'valu'
  | 'lds'
  | 'scratch'
  | 'vmem'
  | 'other';

export interface Instruction {
  kind: Kind;
  /** The label that a branch goes to. */
  readonly target?: string;
  load: boolean;
  /** Of one lane. */
  multiplyAdds: number;
  /** That one lane moves. */
  bytes: number;
  /** Share of the lanes that one instruction serves. */
  readonly weight: number;
}

/** What a compiler made of a pipeline. `labels`: where in the list each stands. */
export interface MachineCode {
  readonly list: readonly Instruction[];
  readonly labels: ReadonlyMap<string, number>;
  /** Lanes of a wave. */
  readonly width: number;
  /** AMD: vector registers of a lane. */
  readonly registers: number | null;
  /** AMD: registers in memory. Intel: places where one is stored. */
  readonly spilled: number;
  /** AMD: waves that a SIMD can hold. */
  readonly waves: number | null;
  readonly ldsBytes: number;
  readonly codeBytes: number;
  /** The compiler's estimate of the cycles of a wave. */
  readonly latency: number;
}
