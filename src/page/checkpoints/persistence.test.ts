import { expect, it, vi } from 'vitest';
import { askToPersist } from './persistence';

it('asks the browser once to keep what is saved', () => {
  const persist = vi.fn(async () => true);
  vi.stubGlobal('navigator', { storage: { persist } });
  askToPersist();
  askToPersist();
  expect(persist).toHaveBeenCalledTimes(1);
  vi.unstubAllGlobals();
});
