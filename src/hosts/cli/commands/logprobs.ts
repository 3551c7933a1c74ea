import { openForInference } from '../inference';
import { modelAt, textAt } from '../input';
import { parseOptions, UsageError } from '../usage';

/** Prints the ids of a text and the logprob of each under the model. */
export async function logprobs(args: readonly string[]): Promise<number> {
  const options = { model: { type: 'string' }, adapter: { type: 'string' }, text: { type: 'string' } } as const;
  const { model: path, adapter, text: file } = parseOptions(args, options, ['model', 'text']);
  const opened = await modelAt(path!, adapter);
  const tokens = opened.text.encode(await textAt(file!));
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
