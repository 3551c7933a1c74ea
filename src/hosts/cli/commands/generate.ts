import type { Mapping } from '../../../data/mapping';
import type { Example } from '../../../domain/example';
import { samplingSchema } from '../../../domain/recipe/recipe';
import { restoreCheckpoint } from '../../../lab/run/checkpointState';
import { derive } from '../../../random';
import { promptTokens } from '../../../rl/transformerPolicy';
import { openForInference } from '../inference';
import { dataAt, mappingOf, modelAt } from '../input';
import { checkpointOf, runAt } from '../runFolder';
import { numberOption, parseOptions, UsageError } from '../usage';

const OPTIONS = {
  model: { type: 'string' },
  adapter: { type: 'string' },
  prompt: { type: 'string' },
  data: { type: 'string', multiple: true },
  map: { type: 'string' },
  limit: { type: 'string' },
  count: { type: 'string' },
  'max-tokens': { type: 'string' },
  temperature: { type: 'string' },
  'top-p': { type: 'string' },
  'top-k': { type: 'string' },
  seed: { type: 'string' },
  run: { type: 'string' },
  step: { type: 'string' },
} as const;

/** Prints answers, one JSON object a line. */
export async function generate(args: readonly string[]): Promise<number> {
  const given = parseOptions(args, OPTIONS, ['model']);
  if ((given.prompt === undefined) === (given.data === undefined))
    throw new UsageError('give either --prompt or --data');
  const mapping = mappingOf(given.map);
  const seed = numberOption('seed', given.seed, { min: 0, max: 0xffffffff }) ?? 1;
  const count = numberOption('count', given.count, { min: 1, max: 256 }) ?? 1;
  const sampling = samplingSchema.parse({
    maxNewTokens: numberOption('max-tokens', given['max-tokens'], { min: 1, max: 32768 }),
    temperature: numberOption('temperature', given.temperature, { min: 0, max: 5, whole: false }),
    topP: numberOption('top-p', given['top-p'], { min: 0.01, max: 1, whole: false }),
    topK: numberOption('top-k', given['top-k'], { min: 0 }),
  });
  const opened = await modelAt(given.model!, given.adapter);
  const limit = numberOption('limit', given.limit, { min: 1 }) ?? Number.POSITIVE_INFINITY;
  const examples = given.data ? await examplesAt(given.data, limit, mapping) : [fromPrompt(given.prompt!)];
  const prompts = examples.map(({ prompt }) => promptTokens(opened.text, prompt));
  const longest = Math.max(...prompts.map(({ length }) => length));
  const room = opened.report.config.contextLength - sampling.maxNewTokens;
  if (longest > room) throw new UsageError(`a prompt has ${longest} tokens, and ${room} fit beside the answer`);

  const run = given.run === undefined ? undefined : await runAt(given.run);
  const { model } = await openForInference(opened, {
    promptsPerStep: Math.min(64, examples.length),
    groupSize: count,
    maxPromptTokens: Math.max(16, longest),
    sampling,
    grader: { mode: 'verdict' },
    optimizer: { microBatchTokens: 16 },
    ...(run && { trainable: run.summary.config.trainable }),
  });
  if (run) {
    const checkpoint = await checkpointOf(run, numberOption('step', given.step, { min: 0 }));
    await restoreCheckpoint(model, checkpoint, opened.report.id);
  }
  const requests = prompts.flatMap((tokens, i) =>
    Array.from({ length: count }, (_, g) => ({ tokens, seed: derive(seed, i, g) })),
  );
  const { endTokens } = opened.report.config;
  const generations = await model.generate(requests, { sampling, endTokens, adapter: run !== undefined });
  generations.forEach(({ tokens, finish, logprobs }, i) => {
    const line = {
      prompt_id: examples[Math.floor(i / count)]!.promptId,
      completion: opened.text.decode(Int32Array.from(tokens)),
      finish,
      tokens: [...tokens],
      logprobs: [...logprobs],
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  });
  return 0;
}

async function examplesAt(paths: readonly string[], limit: number, mapping: Mapping | undefined): Promise<Example[]> {
  const { files } = await dataAt(paths, mapping);
  return files.flatMap((file) => file.examples.map(({ example }) => example)).slice(0, limit);
}

const fromPrompt = (content: string): Example => ({
  promptId: 'prompt',
  prompt: [{ role: 'user', content }],
  rubrics: [],
  exampleTags: [],
  idealCompletion: null,
});
