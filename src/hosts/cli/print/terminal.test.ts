import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { errorLine } from '../failureLine';
import { printNothingGraded } from './nothingGraded';
import { printProblems } from './problems';
import { printable, printJson } from './terminal';

const HOSTILE = 'a\u001b[2J\u009b31m\u0007\r\n\u202eb\u2066\u2028\u007f';

afterEach(() => vi.restoreAllMocks());

function printed(print: () => void): string {
  let text = '';
  const keep = (chunk: unknown) => {
    text += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  print();
  return text;
}

it('shows controls and marks of direction instead of obeying them', () => {
  expect(printable(HOSTILE)).toBe('a\\u001b[2J\\u009b31m\\u0007\\u000d\\u000a\\u202eb\\u2066\\u2028\\u007f');
  expect(printable('größer – 膝 👩‍⚕️')).toBe('größer – 膝 👩‍⚕️');
});

it.each([
  ['names and reasons of rows', () => printProblems([{ file: HOSTILE, line: 1, reason: HOSTILE }], 'rows')],
  [
    'failures of a grader',
    () => printNothingGraded([[{ verdict: 'ungraded', explanation: HOSTILE, confidence: null, failure: HOSTILE }]]),
  ],
  ['errors', () => process.stderr.write(`${errorLine(new Error(HOSTILE))}\n`)],
  ['JSON', () => printJson({ text: HOSTILE })],
])('prints %s as single lines without controls', (_, print) => {
  const text = printed(print);
  expect(text.slice(0, -1).replaceAll('rows left out', '').split('\n').join('')).not.toMatch(
    /[\p{Cc}\u202e\u2066\u2028]/u,
  );
});

it('keeps the value of a line of JSON', () => {
  expect(JSON.parse(printed(() => printJson({ text: HOSTILE })))).toEqual({ text: HOSTILE });
});

it('has no other way to the terminal', () => {
  const root = join(import.meta.dirname, '..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/test[/\\]/.test(name),
  );
  const direct = files.filter((name) => /process\.std|console\./.test(readFileSync(join(root, name), 'utf8')));
  expect(direct.map((name) => name.replaceAll('\\', '/')).sort()).toEqual([
    'print/progressBar.ts', // moves the cursor itself
    'print/terminal.ts',
  ]);
});
