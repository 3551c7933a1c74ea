import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeOut, makeRunOut } from './outFolder';
import { UsageError } from './usage';

const folder = mkdtempSync(join(tmpdir(), 'autodidact-out-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
writeFileSync(at('file'), '');

it('makes folders as deep as asked for, and takes those that are there', () => {
  makeOut(at('a/b/c'));
  makeOut(at('a/b/c'));
  expect(existsSync(at('a/b/c'))).toBe(true);
});

it('says what stands in the way', () => {
  expect(() => makeOut(at('file'))).toThrow(UsageError);
  expect(() => makeOut(at('file'))).toThrow(/file cannot be made: .* is a file$/);
  expect(() => makeOut(at('file/below/it'))).toThrow(/below\/it cannot be made: .*file is a file$/);
});

// Node's own way to make folders within folders never comes back from here.
it.runIf(existsSync('/proc/self'))('comes back from where no folder can be made', () => {
  expect(() => makeOut('/proc/nowhere/run')).toThrow(/\/proc\/nowhere\/run cannot be written \(E/);
});

it('leaves a folder alone that holds what a run would write over, and takes one with other things', () => {
  for (const name of ['run.json', 'data.jsonl']) {
    writeFileSync(at(name), '');
    expect(() => makeRunOut(folder)).toThrow(`${folder} has a ${name} already`);
    rmSync(at(name));
  }
  writeFileSync(at('a/b/c/notes.txt'), '');
  makeRunOut(at('a/b/c'));
});
