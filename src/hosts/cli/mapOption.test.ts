import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Command } from './command';
import { audit } from './commands/audit';
import { evaluate } from './commands/evaluate';
import { generate } from './commands/generate';
import { grade } from './commands/grade';
import { prepare } from './commands/prepare';
import { train } from './commands/train';
import { commandHelp } from './help';

// The tests' device, which ends with them.
vi.mock('./dawn', async () => ({ openDawn: (await import('../../gpu/test/testGpu')).testGpu }));

const folder = mkdtempSync(join(tmpdir(), 'autodidact-map-'));
const at = (name: string) => join(folder, name);
let printed = '';
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const MAP = 'prompt=question,rubric=checks.list,criterion=text,points=weight,id=key';
const MODEL = 'public/models/tiny';
const row = (key: string) => ({
  key,
  question: 'I have a cough.',
  checks: { list: [{ text: 'Advises steam', weight: 6 }] },
});
const graded = (key: string) => ({
  prompt_id: key,
  completion: 'Breathe in some steam.',
  grader: 'a careful grader',
  verdicts: [{ criterion: 'Advises steam', criteria_met: true, explanation: '' }],
});
writeFileSync(at('other.jsonl'), lines(['a', 'b', 'c', 'd'].map(row)));
writeFileSync(at('grades.jsonl'), lines(['a', 'b'].map(graded)));
writeFileSync(at('answers.jsonl'), lines([{ prompt_id: 'a', completion: 'Breathe in some steam.' }]));
const small = { promptsPerStep: 1, groupSize: 2, sampling: { maxNewTokens: 4 }, grader: { mode: 'verdict' } };
writeFileSync(at('run.json'), JSON.stringify(small));

const data = ['--data', at('other.jsonl'), '--map', MAP];
const COMMANDS: readonly [string, Command, readonly string[], RegExp][] = [
  ['prepare', prepare, ['--out', at('prepared')], /train\.jsonl: 4 rows/],
  [
    'train',
    train,
    ['--model', MODEL, '--out', at('run'), '--config', at('run.json'), '--steps', '1'],
    /finished after step 1/,
  ],
  ['generate', generate, ['--model', MODEL, '--max-tokens', '4', '--limit', '1'], /"prompt_id":"a"/],
  [
    'grade',
    grade,
    ['--grader', at('grades.jsonl'), '--completions', at('answers.jsonl')],
    /"points":6,"verdict":"met"/,
  ],
  ['evaluate', evaluate, ['--grades', at('grades.jsonl'), '--out', at('evaluation')], /score/],
  ['audit', audit, ['--grades', at('grades.jsonl'), '--verdicts', at('grades.jsonl')], /./],
];

it.each(COMMANDS)('%s reads other rubric files by --map', async (_, command, args, expected) => {
  expect(await command.run([...args, ...data])).toBe(0);
  expect(printed).toMatch(expected);
});

it.each(COMMANDS)('%s refuses a wrong --map in one line, and --help has the option', async (name, command, args) => {
  await expect(command.run([...args, '--data', at('other.jsonl'), '--map', 'question'])).rejects.toThrow(
    /^--map: "question" is not name=column$/,
  );
  expect(commandHelp(name, command)).toContain('--map <name=column,…>');
});

it('saves the mapped data with the run', () => {
  const [first] = readFileSync(at('run/files/data.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(first!)).toMatchObject({ rubrics: [{ criterion: 'Advises steam', points: 6 }] });
});
