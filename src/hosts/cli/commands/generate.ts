import type { Mapping } from '../../../data/mapping';
import type { Example } from '../../../domain/example';
import { samplingSchema } from '../../../domain/recipe/sampling';
import { restoreCheckpoint } from '../../../lab/run/checkpointState';
import { derive } from '../../../random';
import { promptTokens } from '../../../rl/transformerPolicy';
import { command } from '../command';
import {
  ADAPTER,
  DATA,
  LIMIT,
  MAP,
  MAX_TOKENS,
  MODEL,
  RUN,
  SEED,
  STEP,
  TEMPERATURE,
  TOP_K,
  TOP_P,
} from '../commonOptions';
import { openForInference } from '../inference';
import { dataAt, mappingOf, modelAt } from '../input';
import type { GivenOptions, Options } from '../option';
import { checkpointOf, runAt, withModelAt } from '../runFolder';
import { UsageError } from '../usage';

const OPTIONS = {
  model: { ...MODEL, required: true },
  adapter: ADAPTER,
  prompt: { type: 'text', placeholder: 'text', help: 'Prompt to answer.' },
  data: DATA,
  map: MAP,
  limit: LIMIT,
  count: { type: 'number', min: 1, max: 256, default: 1, help: 'Answers per prompt.' },
  'max-tokens': MAX_TOKENS,
  temperature: TEMPERATURE,
  'top-p': TOP_P,
  'top-k': TOP_K,
  seed: { ...SEED, default: 1 },
  run: RUN,
  step: STEP,
} as const satisfies Options;

/** Prints answers, one JSON object a line. */
export const generate = command({
  about: 'Prints answers with their tokens and log-probabilities, one JSON object a line.',
  options: OPTIONS,
  either: [['prompt', 'data']],
  run,
});

async function run(given: GivenOptions<typeof OPTIONS>): Promise<number> {
  const mapping = mappingOf(given.map);
  const { seed, count, limit = Number.POSITIVE_INFINITY } = given;
  const sampling = samplingSchema.parse({
    maxNewTokens: given['max-tokens'],
    temperature: given.temperature,
    topP: given['top-p'],
    topK: given['top-k'],
  });
  const opened = await modelAt(given.model, given.adapter);
  const examples = given.data ? await examplesAt(given.data, limit, mapping) : [fromPrompt(given.prompt!)];
  const prompts = examples.map(({ prompt }) => promptTokens(opened.text, prompt));
  const longest = Math.max(...prompts.map(({ length }) => length));
  const room = opened.report.config.contextLength - sampling.maxNewTokens;
  if (longest > room) throw new UsageError(`a prompt has ${longest} tokens, and ${room} fit beside the answer`);

  const trained = given.run === undefined ? undefined : await runAt(given.run);
  const { model } = await openForInference(opened, {
    promptsPerStep: Math.min(64, examples.length),
    groupSize: count,
    maxPromptTokens: Math.max(16, longest),
    sampling,
    grader: { mode: 'verdict' },
    optimizer: { microBatchTokens: 16 },
    ...(trained && { trainable: trained.summary.config.trainable }),
  });
  if (trained) {
    await withModelAt(trained.store, trained.summary, opened);
    const checkpoint = await checkpointOf(trained, given.step);
    await restoreCheckpoint(model, checkpoint, opened);
  }
  const requests = prompts.flatMap((tokens, i) =>
    Array.from({ length: count }, (_, g) => ({ tokens, seed: derive(seed, i, g) })),
  );
  const { endTokens } = opened.report.config;
  const generations = await model.generate(requests, { sampling, endTokens, adapter: trained !== undefined });
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
