import type { AdapterFacts } from './device';
import { Recorder } from './recorder';
import { Staging } from './staging';
import { type ElementType, type Shape, sizeOf, type Tensor, view } from './tensor';

// WebGPU's usage flags, spelt out because Dawn in Node has no globals for them.
const COPY_SRC = 0x4;
const COPY_DST = 0x8;
const STORAGE = 0x80;

/**
 * Current counts and totals so far. A training step after the first must leave all but `submits` and `dispatches`
 * unchanged.
 */
export interface Counters {
  buffers: number;
  bytes: number;
  pipelines: number;
  bindGroups: number;
  submits: number;
  dispatches: number;
}

export class GpuError extends Error {
  override name = 'GpuError';
}
export class DeviceLost extends Error {
  override name = 'DeviceLost';
}

/** The device and the few operations every layer above needs from it. It knows nothing of models. */
export class Gpu {
  readonly counters: Counters = { buffers: 0, bytes: 0, pipelines: 0, bindGroups: 0, submits: 0, dispatches: 0 };
  /** Pipelines by content, see kernel.ts. */
  readonly kernels = new Map<string, Promise<unknown>>();
  /** Validation and out-of-memory errors that no scope caught; `check` throws the first. */
  readonly errors: string[] = [];
  readonly lost: Promise<DeviceLost>;
  private lostError: DeviceLost | undefined;
  private readonly holders = new Map<GPUBuffer, Set<() => void>>();
  private readonly staging: Staging;
  readonly recorder: Recorder;

  constructor(
    readonly device: GPUDevice,
    readonly facts: AdapterFacts,
  ) {
    this.staging = new Staging(device);
    this.recorder = new Recorder(this);
    device.addEventListener('uncapturederror', (event) => {
      this.errors.push((event as GPUUncapturedErrorEvent).error.message);
    });
    this.lost = device.lost.then(({ reason, message }) => {
      this.lostError = new DeviceLost(`The graphics device was lost (${reason}): ${message}`);
      return this.lostError;
    });
  }

  /** A buffer for storage, copies and read-back. Counted, so that leaks and allocations inside a step show. */
  buffer(label: string, bytes: number): GPUBuffer {
    if (bytes > this.facts.maxBufferBytes) {
      throw new GpuError(
        `${label}: ${bytes} bytes are more than this adapter's largest buffer, ${this.facts.maxBufferBytes}`,
      );
    }
    const size = Math.max(16, Math.ceil(bytes / 16) * 16); // whole vec4f for kernels that read in fours
    this.counters.buffers++;
    this.counters.bytes += size;
    return this.device.createBuffer({ label, size, usage: STORAGE | COPY_SRC | COPY_DST });
  }

  /** A tensor in a new buffer; zero without `data`. */
  tensor(label: string, shape: Shape, data?: Float32Array | Uint32Array, type?: ElementType): Tensor {
    const kind = type ?? (data instanceof Uint32Array ? 'u32' : 'f32');
    const tensor = view(label, shape, this.buffer(label, 4 * sizeOf(shape)), { type: kind });
    if (data) this.write(tensor, data);
    return tensor;
  }

  /** Queues a copy of `data` into the tensor, from element `start` on. Ordered after everything recorded so far. */
  write(tensor: Tensor, data: Float32Array | Uint32Array, start = 0): void {
    if (4 * start + data.byteLength > tensor.bytes) {
      throw new GpuError(
        `${tensor.label}: ${data.length} elements from ${start} do not fit (${tensor.shape.join(', ')})`,
      );
    }
    this.recorder.submit();
    this.device.queue.writeBuffer(
      tensor.buffer,
      tensor.offset + 4 * start,
      data.buffer as ArrayBuffer,
      data.byteOffset,
      data.byteLength,
    );
  }

  /** Submits the recorded commands and copies the tensors back in one go, each as its element type says. */
  async read<T extends readonly Tensor[]>(...tensors: T): Promise<{ [I in keyof T]: Float32Array | Uint32Array }> {
    this.recorder.submit();
    const bytes = await this.staging.read(tensors).catch((error) => this.explain(error));
    this.check();
    return tensors.map((tensor, i) =>
      tensor.type === 'u32' ? new Uint32Array(bytes[i]!) : new Float32Array(bytes[i]!),
    ) as { [I in keyof T]: Float32Array | Uint32Array };
  }

  async readF32(tensor: Tensor): Promise<Float32Array> {
    return (await this.read(tensor))[0] as Float32Array;
  }

  async readU32(tensor: Tensor): Promise<Uint32Array> {
    return (await this.read(tensor))[0] as Uint32Array;
  }

  /** Waits for everything submitted. Throws what went wrong meanwhile. */
  async done(): Promise<void> {
    this.recorder.submit();
    await this.device.queue.onSubmittedWorkDone().catch((error) => this.explain(error));
    this.check();
  }

  /** A failed wait usually means a lost device, whose event may come a moment later than the failure. */
  private async explain(error: unknown): Promise<never> {
    await Promise.race([this.lost, new Promise((resolve) => setTimeout(resolve, 200))]);
    this.check();
    throw error;
  }

  /** Throws DeviceLost or the first uncaptured error. */
  check(): void {
    if (this.lostError) throw this.lostError;
    const [first] = this.errors.splice(0);
    if (first) throw new GpuError(first);
  }

  /** Calls `forget` once, when the first of the buffers is released. Bind groups are dropped with what they bind. */
  untilReleased(buffers: ReadonlySet<GPUBuffer>, forget: () => void): void {
    const drop = () => {
      for (const buffer of buffers) this.holders.get(buffer)?.delete(drop);
      forget();
    };
    for (const buffer of buffers) {
      const drops = this.holders.get(buffer) ?? new Set();
      this.holders.set(buffer, drops.add(drop));
    }
  }

  /** Releases a tensor's whole buffer after the recorded commands that use it. */
  release(buffer: GPUBuffer): void {
    this.recorder.submit(); // a command buffer that names a destroyed buffer would be refused as a whole
    for (const drop of [...(this.holders.get(buffer) ?? [])]) drop();
    this.holders.delete(buffer);
    this.counters.buffers--;
    this.counters.bytes -= buffer.size;
    buffer.destroy();
  }
}
