import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { UsageError } from '../usage';
import { makeOut, makeRunOut } from './outFolder';

const folder = mkdtempSync(join(tmpdir(), 'autodidact-out-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
writeFileSync(at('file'), '');

it('creates nested folders, and accepts existing ones', () => {
  makeOut(at('a/b/c'));
  makeOut(at('a/b/c'));
  expect(existsSync(at('a/b/c'))).toBe(true);
});

it('says why a folder cannot be created', () => {
  expect(() => makeOut(at('file'))).toThrow(UsageError);
  expect(() => makeOut(at('file'))).toThrow(/file cannot be created: .* is a file$/);
  expect(() => makeOut(at('file/below/it'))).toThrow(/below\/it cannot be created: .*file is a file$/);
});

// Node's recursive mkdir never returns from here.
it.runIf(existsSync('/proc/self'))('returns from a place where no folder can be created', () => {
  expect(() => makeOut('/proc/nowhere/run')).toThrow(/\/proc\/nowhere\/run cannot be written \(E/);
});

it('refuses a folder with files that a run would overwrite, and accepts one with others', () => {
  for (const name of ['run.json', 'data.jsonl']) {
    writeFileSync(at(name), '');
    expect(() => makeRunOut(folder)).toThrow(`${folder} already has ${name}, which`);
    rmSync(at(name));
  }
  writeFileSync(at('a/b/c/notes.txt'), '');
  makeRunOut(at('a/b/c'));
});
