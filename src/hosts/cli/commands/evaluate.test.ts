import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { audit } from './audit';
import { evaluate } from './evaluate';
import { prepare } from './prepare';

const folder = mkdtempSync(join(tmpdir(), 'autodidact-cli-'));
const at = (name: string) => join(folder, name);
const json = (name: string) => JSON.parse(readFileSync(at(name), 'utf8'));
let printed = '';
beforeAll(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const row = (id: string) => ({
  prompt_id: id,
  prompt: [{ role: 'user', content: `question ${id}` }],
  example_tags: ['theme:hedging'],
  rubrics: [
    { criterion: 'good', points: 10, tags: ['level:example', 'axis:accuracy'] },
    { criterion: 'harm', points: -5, tags: ['level:example', 'axis:accuracy'] },
  ],
  canary: 'healthbench:x',
});
const graded = (id: string, good: boolean, harm: boolean) => ({
  prompt_id: id,
  completion: `answer to ${id}`,
  grader: 'a careful grader',
  verdicts: [
    { criterion: 'good', criteria_met: good, explanation: 'because' },
    { criterion: 'harm', criteria_met: harm },
  ],
});
writeFileSync(at('full.jsonl'), lines([row('a'), row('b'), row('c')]));
writeFileSync(at('hard.jsonl'), lines([row('b')]));
writeFileSync(at('before.jsonl'), lines([graded('a', false, false), graded('b', false, true)]));
writeFileSync(at('after.jsonl'), lines([graded('a', true, false), graded('b', true, true), graded('z', true, true)]));

it('prepares the two files of the method', async () => {
  expect(await prepare.run(['--data', at('full.jsonl'), '--hard', at('hard.jsonl'), '--out', at('prepared')])).toBe(0);
  const ids = (name: string) =>
    readFileSync(at(name), 'utf8')
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).prompt_id);
  expect(ids('prepared/healthbench_easy.jsonl')).toEqual(['a', 'c']);
  expect(ids('prepared/healthbench_hard.jsonl')).toEqual(['b']);
  expect(json('prepared/report.json')).toMatchObject({ kind: 'HealthBench', rows: 3, problems: [] });
});

describe('scoring recorded grades', () => {
  it('writes the report and compares with a baseline', async () => {
    const score = (name: string, ...more: string[]) =>
      evaluate.run(['--grades', at(`${name}.jsonl`), '--data', at('full.jsonl'), '--out', at(name), ...more]);
    expect(await score('before')).toBe(0);
    printed = '';
    expect(await score('after', '--baseline', at('before'), '--name', 'trained')).toBe(0);
    expect(readdirSync(at('after')).sort()).toEqual(
      ['allresults.json', 'answers.jsonl', 'criteria.jsonl', 'evaluation.json', 'metrics.json', 'report.html'].sort(),
    );
    const evaluation = json('after/evaluation.json');
    expect(evaluation).toMatchObject({
      about: { model: 'trained', grader: 'a careful grader' },
      answers: 2, // the third has no example
      overall: { mean: 0.75, n: 2 },
      comparison: {
        sameGrader: true,
        paired: { wins: 2, losses: 0 },
        flips: [{ criterion: 'good', better: true }, {}],
      },
      harms: [{ promptId: 'b', points: -5 }],
    });
    expect(json('after/metrics.json')).toMatchObject({
      overall_score: 0.75,
      'theme:hedging': 0.75,
      'theme:hedging:n_samples': 2,
    });
    expect(printed).toContain('graded by a careful grader');
    expect(printed).toContain('better on 2, equal on 0, worse on 0 of 2 prompts');
    expect(readFileSync(at('after/report.html'), 'utf8')).toContain('trained');
  });

  it.each([
    [['--out', 'x'], /either --model or --grades/],
    [['--grades', 'nowhere.jsonl', '--out', 'x'], /nowhere.jsonl does not exist/],
    [['--grades', at('after.jsonl'), '--out', 'x'], /no usable answer/],
    [['--grades', at('after.jsonl'), '--data', at('full.jsonl'), '--out', 'x', '--baseline', folder], /does not exist/],
  ])('%j is refused in one line', async (args, message) => {
    await expect(evaluate.run(args)).rejects.toThrow(message);
  });
});

it('audits one file of verdicts against another', async () => {
  const args = ['--grades', at('before.jsonl'), '--verdicts', at('after.jsonl'), '--data', at('full.jsonl')];
  printed = '';
  expect(await audit.run([...args, '--out', at('audit')])).toBe(0);
  const report = json('audit/audit.json');
  expect(report).toMatchObject({
    kind: 'verdicts',
    criteria: 4,
    graders: [{ pooled: { accuracy: 0.5, pairwise: { pairs: 4 } } }],
  });
  expect(printed).toMatch(/agreement +0\.500/);
  await expect(audit.run(['--model', 'x'])).rejects.toThrow(/either --meta or --verdicts/);
});
