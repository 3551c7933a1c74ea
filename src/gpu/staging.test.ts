import { expect, it } from 'vitest';
import { Staging } from './staging';
import type { Tensor } from './tensor';

/** A device that counts its read-back buffers. */
function fakeDevice() {
  const counts = { made: 0, destroyed: 0 };
  const device = {
    queue: { submit: () => {} },
    createCommandEncoder: () => ({ copyBufferToBuffer: () => {}, finish: () => ({}) }),
    createBuffer: ({ size }: { size: number }) => {
      counts.made++;
      return {
        mapAsync: async () => {},
        getMappedRange: () => new ArrayBuffer(size),
        unmap: () => {},
        destroy: () => counts.destroyed++,
      };
    },
  };
  return { counts, staging: new Staging(device as unknown as GPUDevice) };
}
const tensor = (bytes: number) => ({ bytes, offset: 0 }) as Tensor;

it('makes a buffer of a size once, and keeps none of those that only a checkpoint needs', async () => {
  const { counts, staging } = fakeDevice();
  for (let i = 0; i < 3; i++) {
    const [a, b] = await staging.read([tensor(1000), tensor(20)]);
    expect([a!.byteLength, b!.byteLength]).toEqual([1000, 20]);
  }
  expect(counts).toEqual({ made: 1, destroyed: 0 });
  await staging.read([tensor(2 ** 23)]);
  expect(counts).toEqual({ made: 2, destroyed: 1 });
});
