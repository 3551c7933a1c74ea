import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownerOf } from './nodePlatform';

it('accepts the lock of a running process only', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'lock-')), '.lock');
  expect(ownerOf(path)).toBeNull();
  for (const [content, owner] of [
    [String(process.pid), process.pid],
    ['', null],
    ['0', null],
    ['-1', null],
    ['nonsense', null],
    ['99999999', null],
  ] as const) {
    writeFileSync(path, content);
    expect(ownerOf(path), content).toBe(owner);
  }
});
