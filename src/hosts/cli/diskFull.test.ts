import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { cliFolder } from './test/cliRun';

// The tests' device, which ends with them.
vi.mock('./dawn', async () => ({ openDawn: (await import('../../gpu/test/testGpu')).testGpu }));

/** A small file system of our own takes the administrator's rights, as in the containers that tests run in. */
function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.skipIf(!mayMount())('ends with its own exit code on a full disk, and goes on once there is room', async () => {
  const { at, train } = await cliFolder({ trainable: { kind: 'full' }, checkpointEvery: 1, keepLast: 0, steps: 6 });
  const out = at('run');
  mkdirSync(out);
  const mounted = (options: string) =>
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', out], { stdio: 'ignore' });
  mounted('size=3m');
  try {
    const full = await train();
    expect(full.code).toBe(3);
    expect(full.err).toMatch(/disk full\. No room to store (the checkpoint of )?step \d/);
    const [, kept] = /continue from step (\d+), the last saved checkpoint/i.exec(full.err) ?? [];
    expect(Number(kept)).toBeGreaterThan(0);
    expect(readdirSync(join(out, 'checkpoints')).filter((name) => name.startsWith('.'))).toEqual([]);

    mounted('remount,size=64m');
    const resumed = await train('--resume');
    expect(resumed.code).toBe(0);
    expect(resumed.err).toContain(`continuing after step ${kept}`);
  } finally {
    execFileSync('umount', [out]);
  }
});
