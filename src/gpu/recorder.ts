import type { Tensor } from './tensor';

const UNIFORM = 0x40;
const COPY_DST = 0x8;

/** Bytes between two parameter blocks: the alignment that every adapter accepts for a dynamic offset. */
export const PARAM_STRIDE = 256;
const PARAM_SLOTS = 1024;

/** A submit should keep the GPU busy for about this long: long enough to feed it, short enough for a smooth page. */
const TARGET_MS = 50;

/** What recording needs of a Gpu (gpu.ts), which makes its own recorder. */
interface RecordingGpu {
  readonly device: GPUDevice;
  readonly counters: { submits: number; dispatches: number };
}

/**
 * Collects dispatches into command buffers of a bounded duration. Parameters of all dispatches of one submit lie in one
 * uniform buffer, written once per submit and addressed by dynamic offsets, so recording makes no buffer and no bind
 * group.
 */
export class Recorder {
  readonly paramBuffer: GPUBuffer;
  private readonly params = new ArrayBuffer(PARAM_STRIDE * PARAM_SLOTS);
  readonly paramView = new DataView(this.params);
  private encoder: GPUCommandEncoder | undefined;
  private pass: GPUComputePassEncoder | undefined;
  private slots = 0;
  private cost = 0;
  /** Cost units that fill a submit; adapts to measured time. A dispatch costs at least 1. */
  private budget = 32;
  private lastDone = 0;
  /**
   * Called with a kernel's label at each dispatch; set by a profile, which then puts every dispatch into its own pass.
   */
  timestamps: ((label: string) => GPUComputePassTimestampWrites | undefined) | undefined;

  constructor(private readonly gpu: RecordingGpu) {
    this.paramBuffer = gpu.device.createBuffer({
      label: 'params',
      size: PARAM_STRIDE * PARAM_SLOTS,
      usage: UNIFORM | COPY_DST,
    });
  }

  /** The byte offset of a fresh parameter block. Submits first when all blocks are taken. */
  paramSlot(): number {
    if (this.slots === PARAM_SLOTS) this.submit();
    return PARAM_STRIDE * this.slots++;
  }

  /** `cost`: multiply-adds in units of 2^20, at least 1 is charged. */
  dispatch(
    label: string,
    pipeline: GPUComputePipeline,
    groups: readonly [storage: GPUBindGroup, params: GPUBindGroup],
    offset: number,
    [x, y = 1, z = 1]: readonly [number, number?, number?],
    cost: number,
  ): void {
    if (x === 0 || y === 0 || z === 0) return;
    const pass = this.openPass(label);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, groups[0]);
    pass.setBindGroup(1, groups[1], [offset]);
    pass.dispatchWorkgroups(x, y, z);
    if (this.timestamps) this.closePass();
    this.gpu.counters.dispatches++;
    this.cost += Math.max(1, cost);
    if (this.cost >= this.budget) this.submit();
  }

  /** Records a copy of `count` elements between tensors (whole `from` by default). */
  copy(from: Tensor, to: Tensor, part: { fromStart?: number; toStart?: number; count?: number } = {}): void {
    const { fromStart = 0, toStart = 0 } = part;
    const count = part.count ?? from.bytes / 4 - fromStart;
    this.closePass();
    this.encoder ??= this.gpu.device.createCommandEncoder();
    this.encoder.copyBufferToBuffer(
      from.buffer,
      from.offset + 4 * fromStart,
      to.buffer,
      to.offset + 4 * toStart,
      4 * count,
    );
  }

  /** Records zeros over `count` elements from `start`. */
  clear(tensor: Tensor, part: { start?: number; count?: number } = {}): void {
    const { start = 0 } = part;
    const count = part.count ?? tensor.bytes / 4 - start;
    if (count === 0) return;
    this.closePass();
    this.encoder ??= this.gpu.device.createCommandEncoder();
    this.encoder.clearBuffer(tensor.buffer, tensor.offset + 4 * start, 4 * count);
  }

  /** Hands everything recorded to the queue. Cheap when nothing is recorded. */
  submit(): void {
    if (!this.encoder) return;
    this.closePass();
    const { device, counters } = this.gpu;
    if (this.slots > 0) device.queue.writeBuffer(this.paramBuffer, 0, this.params, 0, PARAM_STRIDE * this.slots);
    device.queue.submit([this.encoder.finish()]);
    counters.submits++;
    this.adapt(this.cost);
    this.encoder = undefined;
    this.slots = 0;
    this.cost = 0;
  }

  private openPass(label: string): GPUComputePassEncoder {
    this.encoder ??= this.gpu.device.createCommandEncoder();
    this.pass ??= this.encoder.beginComputePass({ timestampWrites: this.timestamps?.(label) });
    return this.pass;
  }

  private closePass(): void {
    this.pass?.end();
    this.pass = undefined;
  }

  /** Nudges the budget by the time this submit took on the GPU, measured from the end of the one before it. */
  private adapt(cost: number): void {
    const submitted = performance.now();
    const settle = () => {
      const now = performance.now();
      const ms = Math.max(0.1, now - Math.max(submitted, this.lastDone));
      this.lastDone = now;
      if (cost < this.budget / 2) return; // a short tail says nothing about a full submit
      const ratio = Math.min(2, Math.max(0.5, TARGET_MS / ms));
      this.budget = Math.min(1 << 20, Math.max(8, this.budget * (0.7 + 0.3 * ratio)));
    };
    this.gpu.device.queue.onSubmittedWorkDone().then(settle, () => {}); // a lost device is reported by gpu.lost
  }
}
