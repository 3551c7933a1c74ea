import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { chatServer, completion } from '../../grading/endpoint/test/testServer';
import { evaluate } from './commands/evaluate';
import { KEY_VARIABLE } from './input/teacherAt';

// The tests' device, which ends with them.
vi.mock('./dawn', async () => ({ openDawn: (await import('../../gpu/test/testGpu')).testGpu }));

const folder = mkdtempSync(join(tmpdir(), 'autodidact-evaluate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('evaluates the built-in model with an endpoint as grader, whose key is in no file', async () => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  vi.stubEnv(KEY_VARIABLE, 'a secret');
  const server = await chatServer(() => completion('{"explanation": "as asked", "criteria_met": true}'));
  try {
    const out = join(folder, 'out');
    const args = [
      '--model',
      'public/models/tiny',
      '--data',
      'public/sample/triage-heldout.jsonl',
      '--limit',
      '2',
      '--max-tokens',
      '8',
    ];
    await expect(evaluate.run([...args, '--grader', server.url, '--out', out])).rejects.toThrow(
      /needs the name of its model/,
    );
    expect(await evaluate.run([...args, '--grader', server.url, '--teacher-model', 'careful', '--out', out])).toBe(0);
    const evaluation = JSON.parse(readFileSync(join(out, 'evaluation.json'), 'utf8'));
    const host = new URL(server.url).host;
    expect(evaluation).toMatchObject({
      prompts: 2,
      ungraded: 0,
      about: { grader: 'careful, teacher', sampling: { maxNewTokens: 8 } },
    });
    expect(evaluation.yesRate).toEqual({ positive: 1, negative: 1 });
    expect(server.seen.requests).toHaveLength(evaluation.criteria);
    expect(server.seen.headers[0]!.authorization).toBe('Bearer a secret');
    for (const file of ['evaluation.json', 'answers.jsonl', 'report.html', 'allresults.json']) {
      const text = readFileSync(join(out, file), 'utf8');
      expect([text.includes('a secret'), text.includes(host)]).toEqual([false, false]);
    }
    await expect(evaluate.run([...args, '--baseline', 'start', '--out', out])).rejects.toThrow(
      /needs --adapter or --run/,
    );
  } finally {
    await server.close();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  }
});
