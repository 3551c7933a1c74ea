import type { Example } from '../domain/example';
import type { GraderConfig } from '../domain/recipe/grader';
import { partOf, type WorkContext } from '../domain/workContext';
import { derive } from '../random';
import type { ChatText } from '../text/chatText';
import type { GraderModel } from './graderModel';
import { forcedRubrics } from './rubricForced';
import { readRubric, rubricPrompt, rubricTokens, type WrittenRubric } from './rubricPrompt';
import type { WriterOptions, WriterRequest } from './rubricRequest';

/** Writes rubrics for prompts that have none, or instead of those they have. */
export interface RubricWriter {
  /** One for each example, in order. */
  write(
    examples: readonly Pick<Example, 'prompt'>[],
    options: { criteria: number; seed: number },
    context?: WorkContext,
  ): Promise<WrittenRubric[]>;
}

/**
 * A language model as the writer: whole JSON in json mode; in the others the JSON frame is given, which models too
 * small to write it need.
 */
export class ModelRubricWriter implements RubricWriter {
  constructor(
    private readonly model: GraderModel,
    private readonly text: ChatText,
    private readonly config: GraderConfig,
    /** Adapter on: the policy as it is now. */
    private readonly adapter = true,
  ) {}

  async write(
    examples: readonly Pick<Example, 'prompt'>[],
    { criteria, seed }: { criteria: number; seed: number },
    context: WorkContext = {},
  ): Promise<WrittenRubric[]> {
    const { model, text, config, adapter } = this;
    const think = config.mode === 'json' ? config.thinking : false;
    const prompts = examples.map(({ prompt }) =>
      text.encodeChat(rubricPrompt(prompt, criteria), think === undefined ? {} : { thinking: think }),
    );
    const longest = model.contextLength - rubricTokens(criteria);
    const written: WrittenRubric[] = prompts.map(({ length }) => ({
      failure: `the prompt for a rubric has ${length} tokens, there is room for ${longest}`,
    }));
    const fitting = prompts.flatMap(({ length }, i) => (length <= longest ? [i] : []));
    const results = await (config.mode === 'json' ? jsonRubrics : forcedRubrics)(
      fitting.map((i) => ({ tokens: prompts[i]!, seed: derive(seed, i) })),
      { model, text, config, adapter, criteria },
      context,
    );
    fitting.forEach((i, at) => {
      written[i] = results[at]!;
    });
    return written;
  }
}

/**
 * The model writes the whole reply; requests whose reply is unreadable are sent again with other draws, `tries` times
 * in all.
 */
async function jsonRubrics(
  requests: readonly WriterRequest[],
  { model, text, config, adapter, criteria }: WriterOptions,
  context: WorkContext,
): Promise<WrittenRubric[]> {
  const total = requests.length;
  const written: WrittenRubric[] = new Array(total);
  const room = model.contextLength - Math.max(0, ...requests.map(({ tokens }) => tokens.length));
  // A thought comes before the rubric where there is one.
  const maxNewTokens = Math.min(room, rubricTokens(criteria) + config.sampling.maxNewTokens);
  let open = requests.map((_, i) => i);
  for (let attempt = 0; attempt < config.tries && open.length > 0; attempt++) {
    const replies = await model.generate(
      open.map((i) => ({ tokens: requests[i]!.tokens, seed: derive(requests[i]!.seed, attempt) })),
      { sampling: { ...config.sampling, maxNewTokens }, endTokens: model.config.endTokens, adapter },
      partOf(context, { before: total - open.length, size: open.length, total }),
    );
    context.signal?.throwIfAborted();
    open.forEach((request, i) => {
      written[request] = readRubric(text.decode(Int32Array.from(replies[i]!.tokens)), criteria);
    });
    open = open.filter((i) => 'failure' in written[i]!);
    if (config.sampling.temperature === 0) break; // the next try would be the same
  }
  context.onProgress?.(total, total);
  return written;
}
