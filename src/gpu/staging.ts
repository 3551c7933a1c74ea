import type { Tensor } from './tensor';

const MAP_READ = 0x1;
const COPY_DST = 0x8;

/** A step reads back less; larger buffers, which checkpoints need, are released after use. */
const LARGEST_KEPT = 2 ** 22;

/** Read-back buffers, reused by size class (powers of two), so that no step allocates one after the first. */
export class Staging {
  private readonly free = new Map<number, GPUBuffer[]>();

  constructor(private readonly device: GPUDevice) {}

  /** Copies of the tensors' bytes, in order. One submit, one map. */
  async read(tensors: readonly Tensor[]): Promise<ArrayBuffer[]> {
    const total = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
    const size = 2 ** Math.ceil(Math.log2(Math.max(256, total)));
    const buffer =
      this.free.get(size)?.pop() ?? this.device.createBuffer({ label: 'staging', size, usage: MAP_READ | COPY_DST });
    const encoder = this.device.createCommandEncoder({ label: 'read' });
    let at = 0;
    for (const tensor of tensors) {
      encoder.copyBufferToBuffer(tensor.buffer, tensor.offset, buffer, at, tensor.bytes);
      at += tensor.bytes;
    }
    this.device.queue.submit([encoder.finish()]);
    await buffer.mapAsync(MAP_READ, 0, total);
    const mapped = buffer.getMappedRange(0, total);
    let end = 0;
    const copies = tensors.map(({ bytes }) => {
      end += bytes;
      return mapped.slice(end - bytes, end);
    });
    buffer.unmap();
    if (size > LARGEST_KEPT) buffer.destroy();
    else this.free.set(size, [...(this.free.get(size) ?? []), buffer]);
    return copies;
  }
}
