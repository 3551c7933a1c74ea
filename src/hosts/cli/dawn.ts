import { create } from 'webgpu';
import { openDevice } from '../../gpu/device';
import { Gpu } from '../../gpu/gpu';

// Global, because Dawn crashes when its instance is collected before the device.
const instance = create([]);

/** The best adapter that Dawn finds on this machine. Throws NoWebGpu without one. */
export async function openDawn(): Promise<Gpu> {
  const { device, facts } = await openDevice(instance);
  return new Gpu(device, facts);
}
