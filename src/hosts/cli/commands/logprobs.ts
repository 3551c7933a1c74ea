import { command } from '../command';
import { ADAPTER, MODEL } from '../commonOptions';
import { openForInference } from '../inference';
import { modelAt, textAt } from '../input';
import type { GivenOptions, Options } from '../option';
import { UsageError } from '../usage';

const OPTIONS = {
  model: { ...MODEL, required: true },
  adapter: ADAPTER,
  text: { type: 'text', placeholder: 'file', required: true, help: 'Plain text of at least two tokens.' },
} as const satisfies Options;

/** Prints the ids of a text and the logprob of each under the model. */
export const logprobs = command({
  about: 'Prints {"tokens": […], "logprobs": […]}: token ids of a text and their log-probabilities; the first is null.',
  options: OPTIONS,
  run,
});

async function run({ model: path, adapter, text: file }: GivenOptions<typeof OPTIONS>): Promise<number> {
  const opened = await modelAt(path, adapter);
  const tokens = opened.text.encode(await textAt(file));
  const { contextLength } = opened.report.config;
  if (tokens.length < 2) throw new UsageError(`${file} has ${tokens.length} tokens: two are needed`);
  if (tokens.length > contextLength) {
    throw new UsageError(`${file} has ${tokens.length} tokens, the model takes at most ${contextLength}`);
  }
  const config = {
    promptsPerStep: 1,
    groupSize: 1,
    maxPromptTokens: Math.max(16, tokens.length),
    sampling: { maxNewTokens: 1 },
    grader: { mode: 'verdict' as const },
    optimizer: { microBatchTokens: 16 },
  };
  const { model } = await openForInference(opened, config);
  const [after] = await model.logprobs([tokens], { temperature: 1, adapter: false });
  process.stdout.write(`${JSON.stringify({ tokens: [...tokens], logprobs: [null, ...after!] })}\n`);
  return 0;
}
