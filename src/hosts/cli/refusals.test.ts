import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { audit } from './commands/audit';
import { evaluate } from './commands/evaluate';
import { grade } from './commands/grade';
import { prepare } from './commands/prepare';
import { train } from './commands/train';

const folder = mkdtempSync(join(tmpdir(), 'autodidact-refusals-'));
const at = (name: string) => join(folder, name);
let printed = '';
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const row = {
  prompt_id: 'a',
  prompt: [{ role: 'user', content: 'I have a cough.' }],
  rubrics: [{ criterion: 'Advises steam', points: 6, tags: [] }],
};
writeFileSync(at('rows.jsonl'), `\ufeff${JSON.stringify(row)}\r\n`);
writeFileSync(at('answers.jsonl'), `\ufeff${JSON.stringify({ prompt_id: 'a', completion: 'Rest.' })}\r\n`);
writeFileSync(
  at('binary.jsonl'),
  Uint8Array.from({ length: 4000 }, (_, i) => (i * 149 + 128) % 256),
);
writeFileSync(at('document.json'), '{"a": ');
writeFileSync(at('config.json'), '{}');

it.each([
  [
    '--out over a file',
    () => prepare.run(['--data', at('rows.jsonl'), '--out', at('rows.jsonl')]),
    /cannot be created: .* is a file$/,
  ],
  ['data that is a folder', () => prepare.run(['--data', folder, '--out', at('p')]), /cannot be read \(EISDIR\)$/],
  [
    'filters that leave nothing',
    () => prepare.run(['--data', at('rows.jsonl'), '--theme', 'x', '--out', at('p')]),
    /^the filters remove every row of rows\.jsonl$/,
  ],
  [
    'binary grades',
    () => evaluate.run(['--grades', at('binary.jsonl'), '--out', at('e')]),
    /^binary\.jsonl has no usable answer; does it need --data\?; line 1: not UTF-8 text$/,
  ],
  [
    'a broken document',
    () => evaluate.run(['--grades', at('document.json'), '--out', at('e')]),
    /^document\.json is not JSON/,
  ],
  [
    'binary verdicts',
    () => audit.run(['--grades', at('binary.jsonl'), '--verdicts', at('binary.jsonl')]),
    /^binary\.jsonl has no usable answer; does it need --data\?; line 1: not UTF-8 text$/,
  ],
  [
    'a binary meta-evaluation',
    () => audit.run(['--model', folder, '--meta', at('binary.jsonl')]),
    /has no meta-evaluation row .*; line 1: not UTF-8 text$/,
  ],
  [
    'a folder with other files',
    () => train.run(['--model', 'public/models/tiny', '--data', at('rows.jsonl'), '--out', folder]),
    /already has .*: choose an empty or new folder for --out$/,
  ],
])('%s is refused in one line, and nothing else is printed', async (_, command, message) => {
  await expect(command()).rejects.toThrow(message);
  expect(printed).toBe('');
});

it('an unreachable teacher is not a score of 0: the exit code says so, and the reason is printed', async () => {
  const args = ['--grader', 'http://127.0.0.1:9', '--teacher-model', 'm', '--data', at('rows.jsonl')];
  expect(await grade.run([...args, '--completions', at('answers.jsonl')])).toBe(1);
  expect(printed).toMatch(/no criterion was graded: the teacher could not be reached/);
});
