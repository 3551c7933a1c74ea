import { expect, it } from 'vitest';
import { create } from 'webgpu';
import { NoWebGpu, openDevice } from './device';
import { Gpu } from './gpu';
import { testGpu } from './test/testGpu';

const instance = create([]); // kept: Dawn crashes when it is collected while a device lives

it('takes the adapter’s own limits, not the defaults', async () => {
  const { facts, device } = await testGpu();
  expect(facts.maxBufferBytes).toBe(device.limits.maxBufferSize);
  expect(facts.maxBufferBytes).toBeGreaterThan(256 * 2 ** 20);
  expect(facts.description.length).toBeGreaterThan(0);
});

it('says so when there is no WebGPU or no adapter', async () => {
  await expect(openDevice(undefined)).rejects.toThrow(NoWebGpu);
  await expect(openDevice({ requestAdapter: async () => null } as unknown as GPU)).rejects.toThrow(
    'no graphics adapter',
  );
});

it('reports the loss of the device as an event and at the next wait', async () => {
  const { device, facts } = await openDevice(instance);
  const gpu = new Gpu(device, facts);
  const x = gpu.tensor('x', [4]);
  device.destroy();
  expect((await gpu.lost).message).toContain('lost');
  await expect(gpu.read(x)).rejects.toThrow('The graphics device was lost');
  expect(() => gpu.check()).toThrow('The graphics device was lost');
});
