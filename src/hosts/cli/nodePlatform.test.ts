import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodePlatform } from './nodePlatform';

it('locks a run folder whatever a stale .lock says, refuses a second lock, and gives it back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  // As an older version left it, with a number that a living process has now.
  writeFileSync(join(folder, '.lock'), String(process.pid));
  const { platform, release } = nodePlatform(folder);
  expect(await platform.isLocked('run')).toBe(false);
  await platform.lock('run');
  expect(existsSync(join(folder, '.lock'))).toBe(false);
  expect(await platform.isLocked('run')).toBe(true);
  await expect(nodePlatform(folder).platform.lock('run')).rejects.toMatchObject({ name: 'RunLocked' });
  release();
  const unlock = await nodePlatform(folder).platform.lock('run');
  unlock();
});
