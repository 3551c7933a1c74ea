import { create } from 'webgpu';
import { type AdapterFacts, openDevice } from '../device';
import { Gpu } from '../gpu';
import { type Shape, sizeOf, type Tensor } from '../tensor';

const devices = new Map<string, Promise<Gpu>>();
const instance = create([]);

/**
 * One device for a whole test file, or one for each `change` of what the adapter says of itself: with it, kernels are
 * those of another adapter. Throws, never skips, when there is no adapter.
 */
export function testGpu(change: Partial<AdapterFacts> = {}): Promise<Gpu> {
  const key = JSON.stringify(change);
  const gpu =
    devices.get(key) ?? openDevice(instance).then(({ device, facts }) => new Gpu(device, { ...facts, ...change }));
  devices.set(key, gpu);
  return gpu;
}

const GUARD = Float32Array.from({ length: 64 }, (_, i) => 7e7 + i);

/** For `write` outputs: an element that the kernel forgets stays NaN. */
export const poison = (n: number) => new Float32Array(n).fill(Number.NaN);

/** Reproducible values of order 1 that make every term matter. */
export const seeded = (n: number, seed: number) =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 1.7);

/**
 * A tensor with a known tail behind it, so that a write past the end lands somewhere we look. The binding covers the
 * tail.
 */
export function guarded(
  at: Gpu,
  label: string,
  shape: Shape,
  data: Float32Array | Uint32Array = new Float32Array(sizeOf(shape)),
): Tensor {
  const whole = new Uint32Array(data.length + GUARD.length);
  whole.set(new Uint32Array(data.buffer, data.byteOffset, data.length));
  whole.set(new Uint32Array(GUARD.buffer), data.length);
  const type = data instanceof Uint32Array ? 'u32' : 'f32';
  return { ...at.tensor(label, [whole.length], whole, type), shape };
}

/** Reads a guarded tensor and throws if anything was written past its end. */
export async function readGuarded(at: Gpu, tensor: Tensor): Promise<Float32Array> {
  const whole = (await at.read({ ...tensor, type: 'f32' }))[0] as Float32Array;
  const size = sizeOf(tensor.shape);
  const broken = GUARD.findIndex((value, i) => whole[size + i] !== value);
  if (broken >= 0) throw new Error(`${tensor.label}: written ${broken + 1} element(s) past its end`);
  return whole.subarray(0, size);
}
