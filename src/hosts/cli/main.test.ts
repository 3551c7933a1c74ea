import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';

const lab = (...args: string[]) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const command = ['node_modules/.bin/vite-node', '--script', 'src/hosts/cli/main.ts', ...args];
    execFile(process.execPath, command, (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }));
  });

it('tells all on --help', async () => {
  const { code, out } = await lab('--help');
  expect(code).toBe(0);
  for (const word of ['prepare', 'train', 'generate', 'logprobs', 'grade', 'evaluate', 'audit', 'export', '--resume'])
    expect(out).toContain(word);
});

it.each([
  [['fly'], /unknown command "fly"/],
  [['train', '--modl', 'x'], /Unknown option '--modl'/],
  [['train', '--model', 'nowhere', '--data', 'x.jsonl', '--out', 'nowhere/run'], /nowhere does not exist/],
])('%j fails with one clear line', async (args, message) => {
  const { code, out, err } = await lab(...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(message);
  expect(err.trim().split('\n')).toHaveLength(1);
});
