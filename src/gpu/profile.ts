import type { Gpu } from './gpu';

const QUERY_RESOLVE = 0x200;
const COPY_SRC = 0x4;
/** Timestamps in one set: what WebGPU allows. */
const MAX_QUERIES = 4096;

export interface KernelTime {
  readonly label: string;
  readonly calls: number;
  readonly ms: number;
}

/**
 * GPU time by kernel, from timestamps around every dispatch. While it runs, each dispatch has its own pass, so the sum
 * is somewhat above the time of the same work unprofiled. Throws where the adapter has no timestamps
 * (facts.timestamps).
 */
export class Profile {
  private readonly querySet: GPUQuerySet;
  private readonly resolved: GPUBuffer;
  private labels: string[] = [];
  private missed = 0;

  constructor(private readonly gpu: Gpu) {
    if (!gpu.facts.timestamps) throw new Error(`${gpu.facts.description} offers no timestamps to profile with`);
    this.querySet = gpu.device.createQuerySet({ label: 'profile', type: 'timestamp', count: MAX_QUERIES });
    this.resolved = gpu.device.createBuffer({
      label: 'profile',
      size: 8 * MAX_QUERIES,
      usage: QUERY_RESOLVE | COPY_SRC,
    });
  }

  /** Times every dispatch recorded from here on, up to 2,048 until `stop`; later ones go untimed. */
  start(): void {
    this.labels = [];
    this.missed = 0;
    this.gpu.recorder.submit();
    this.gpu.recorder.timestamps = (label) => {
      const at = 2 * this.labels.length;
      if (at === MAX_QUERIES) {
        this.missed++;
        return undefined;
      }
      this.labels.push(label);
      return { querySet: this.querySet, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 };
    };
  }

  /** Stops timing. Kernels by total time, largest first; `missed` dispatches did not fit. */
  async stop(): Promise<{ kernels: KernelTime[]; missed: number }> {
    const { gpu, labels } = this;
    this.labels = [];
    gpu.recorder.submit();
    gpu.recorder.timestamps = undefined;
    if (labels.length === 0) return { kernels: [], missed: this.missed };
    const times = gpu.tensor('profile', [4 * labels.length], undefined, 'u32');
    const encoder = gpu.device.createCommandEncoder({ label: 'profile' });
    encoder.resolveQuerySet(this.querySet, 0, 2 * labels.length, this.resolved, 0);
    encoder.copyBufferToBuffer(this.resolved, 0, times.buffer, 0, 16 * labels.length);
    gpu.device.queue.submit([encoder.finish()]);
    const words = await gpu.readU32(times);
    gpu.release(times.buffer);
    const nanoseconds = new BigUint64Array(words.buffer as ArrayBuffer);

    const byLabel = new Map<string, KernelTime>();
    labels.forEach((label, i) => {
      const { calls, ms } = byLabel.get(label) ?? { calls: 0, ms: 0 };
      const took = Number(nanoseconds[2 * i + 1]! - nanoseconds[2 * i]!) / 1e6;
      byLabel.set(label, { label, calls: calls + 1, ms: ms + Math.max(0, took) });
    });
    return { kernels: [...byLabel.values()].sort((a, b) => b.ms - a.ms), missed: this.missed };
  }

  destroy(): void {
    this.querySet.destroy();
    this.resolved.destroy();
  }
}
