import { create } from 'webgpu';
import { openDevice } from '../../gpu/device';
import { Gpu } from '../../gpu/gpu';

// Kept for the life of the process: Dawn crashes when its instance is collected while a device lives.
const instance = create([]);

/** The best adapter that Dawn finds on this machine. Throws NoWebGpu when there is none. */
export async function openDawn(): Promise<Gpu> {
  const { device, facts } = await openDevice(instance);
  return new Gpu(device, facts);
}
