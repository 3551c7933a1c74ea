import type { Example } from '../../../domain/example';
import { samplingSchema } from '../../../domain/recipe/sampling';
import { Engine } from '../../../lab/engine';
import { generateAnswers, longestPrompt } from '../../../lab/inference/generateAnswers';
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
import { openDawn } from '../dawn';
import { examplesAt, mappingOf } from '../input/dataAt';
import { mergedModelAt } from '../input/modelAt';
import type { GivenOptions, Options } from '../option';
import { drawProgress } from '../print/progressBar';
import { printJson } from '../print/terminal';
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

/** Prints answers, one JSON object per line. */
export const generate = command({
  about: 'Generates answers and prints them with their tokens and log-probabilities, one JSON object per line.',
  options: OPTIONS,
  either: [['prompt', 'data']],
  run,
});

async function run(given: GivenOptions<typeof OPTIONS>): Promise<number> {
  const mapping = mappingOf(given.map);
  const { count: answers, limit, seed } = given;
  const sampling = samplingSchema.parse({
    maxNewTokens: given['max-tokens'],
    temperature: given.temperature,
    topP: given['top-p'],
    topK: given['top-k'],
  });
  const subject = await mergedModelAt(given.model, given);
  const all = given.data ? await examplesAt(given.data, mapping) : [exampleOf(given.prompt!)];
  const examples = all.slice(0, limit);
  const longest = longestPrompt(subject, examples);
  const room = subject.opened.report.config.contextLength - sampling.maxNewTokens;
  if (longest > room)
    throw new UsageError(
      `a prompt has ${longest} tokens, but only ${room} fit beside the answer: lower --max-tokens or shorten the prompt`,
    );

  const progress = drawProgress();
  const settings = { answers, sampling, seed };
  const rollouts = await generateAnswers(new Engine(openDawn), subject, examples, settings, progress);
  progress.clear();
  for (const { example, completion, finish, tokens, promptLength, logprobs } of rollouts) {
    const line = {
      prompt_id: example.promptId,
      completion,
      finish,
      tokens: [...tokens.subarray(promptLength)],
      logprobs: [...logprobs],
    };
    printJson(line);
  }
  return 0;
}

const exampleOf = (content: string): Example => ({
  promptId: 'prompt',
  prompt: [{ role: 'user', content }],
  rubrics: [],
  exampleTags: [],
  idealCompletion: null,
});
