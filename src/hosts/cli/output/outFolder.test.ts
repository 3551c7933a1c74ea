import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { UsageError } from '../usage';
import { makeOut, makeOwnOut } from './outFolder';

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

it('refuses a folder that holds other things, whatever they are called', () => {
  makeOut(at('own'));
  for (const name of ['photo.jpg', 'run.json', 'data.jsonl', 'audit.json']) {
    writeFileSync(at(`own/${name}`), '');
    expect(() => makeOwnOut(at('own'))).toThrow(`own already has ${name}: choose an empty or new folder`);
    rmSync(at(`own/${name}`));
  }
  writeFileSync(at('own/.DS_Store'), '');
  makeOwnOut(at('own'));
});

it('lets a command write over its own results, and nothing beside them', () => {
  const files = ['audit.json', 'report.html'];
  makeOut(at('audit'));
  writeFileSync(at('audit/report.html'), '');
  expect(() => makeOwnOut(at('audit'), files)).toThrow(/already has report\.html/);
  writeFileSync(at('audit/audit.json'), '');
  makeOwnOut(at('audit'), files);
  writeFileSync(at('audit/notes.txt'), '');
  expect(() => makeOwnOut(at('audit'), files)).toThrow(/already has notes\.txt/);
});
