import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { tuningCache } from './tuningCache';

it('keeps a table for its adapter and browser, over reopening', async () => {
  await tuningCache('Browser 1').save('adapter', { table: [1] });
  expect(await tuningCache('Browser 1').load('adapter')).toEqual({ table: [1] });
  expect(await tuningCache('Browser 2').load('adapter')).toBeUndefined();
  expect(await tuningCache('Browser 1').load('other adapter')).toBeUndefined();
  await tuningCache('Browser 1').save('adapter', { table: [2] });
  expect(await tuningCache('Browser 1').load('adapter')).toEqual({ table: [2] });
});
