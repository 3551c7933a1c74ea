import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, it, vi } from 'vitest';
import { evaluate } from './commands/evaluate';
import { generate } from './commands/generate';
import { grade } from './commands/grade';
import { logprobs } from './commands/logprobs';
import { cliFolder, outputOf } from './test/cliRun';

// The tests' device, which ends with them.
vi.mock('./dawn', async () => ({ openDawn: (await import('../../gpu/test/testGpu')).testGpu }));

let lab: Awaited<ReturnType<typeof cliFolder>>;
beforeAll(async () => {
  lab = await cliFolder({ steps: 1 });
  const weights = lab.at('model/model.safetensors');
  const bytes = readFileSync(weights);
  bytes.writeFloatLE(Number.NaN, bytes.length - 40);
  writeFileSync(weights, bytes);
  writeFileSync(lab.at('text.txt'), 'hello you');
  writeFileSync(lab.at('answers.jsonl'), `${JSON.stringify({ prompt_id: 'p1', completion: 'hello' })}\n`);
});

const model = () => ['--model', lab.at('model')];
const data = () => ['--data', lab.at('rows.jsonl')];
it.each([
  ['train', () => lab.train()],
  ['generate', () => outputOf(() => generate.run([...model(), '--prompt', 'hello', '--max-tokens', '4']))],
  ['logprobs', () => outputOf(() => logprobs.run([...model(), '--text', lab.at('text.txt')]))],
  [
    'grade',
    () =>
      outputOf(() => grade.run([...model(), ...data(), '--completions', lab.at('answers.jsonl'), '--mode', 'verdict'])),
  ],
  ['evaluate', () => outputOf(() => evaluate.run([...model(), ...data(), '--max-tokens', '4', '--out', lab.at('e')]))],
])('%s names the tensor that holds NaN before anything is made', async (_, run) => {
  const { error, out } = await run();
  expect(error).toMatchObject({
    name: 'FormatError',
    message: expect.stringMatching(/^model\.safetensors: [\w.]+ holds NaN or infinity \(value \d+ of \d+\)$/),
  });
  expect(out).toBe('');
  expect(existsSync(lab.at('run/run.json'))).toBe(false);
  expect(existsSync(lab.at('e/evaluation.json'))).toBe(false);
});
