import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';
import { COMMANDS } from './registry';

const lab = (...args: string[]) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const command = ['node_modules/.bin/vite-node', '--script', 'src/hosts/cli/main.ts', ...args];
    execFile(process.execPath, command, (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }));
  });

it('lists the commands on --help, and the options of a command on its own', async () => {
  const { code, out } = await lab('--help');
  expect(code).toBe(0);
  for (const { name, summary } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'));
  const train = await lab('train', '--help');
  expect([train.code, train.err]).toEqual([0, '']);
  expect(train.out).toMatch(/^Usage: npm run lab -- train --model <folder\|gguf> --out <folder> \[options\]$/m);
  expect(train.out).toContain('--resume');
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
