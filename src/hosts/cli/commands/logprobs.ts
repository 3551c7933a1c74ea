import { Engine } from '../../../lab/engine';
import { tokenLogprobs } from '../../../lab/inference/tokenLogprobs';
import { command } from '../command';
import { ADAPTER, MODEL } from '../commonOptions';
import { openDawn } from '../dawn';
import { textAt } from '../input/files';
import { mergedModelAt } from '../input/modelAt';
import type { GivenOptions, Options } from '../option';
import { drawProgress } from '../print/progressBar';
import { printJson } from '../print/terminal';
import { UsageError } from '../usage';

const OPTIONS = {
  model: { ...MODEL, required: true },
  adapter: ADAPTER,
  text: { type: 'text', placeholder: 'file', required: true, help: 'Plain text of at least two tokens.' },
} as const satisfies Options;

/** Prints the token ids of a text and their log-probabilities under the model. */
export const logprobs = command({
  about:
    'Prints {"tokens": […], "logprobs": […]}: the token ids of a text and their log-probabilities; the first is null.',
  options: OPTIONS,
  run,
});

async function run({ model, adapter, text: file }: GivenOptions<typeof OPTIONS>): Promise<number> {
  const subject = await mergedModelAt(model, { adapter });
  const { text, report } = subject.opened;
  const tokens = text.encode(await textAt(file));
  const { contextLength } = report.config;
  if (tokens.length < 2) throw new UsageError(`${file} needs at least 2 tokens, and has ${tokens.length}`);
  if (tokens.length > contextLength)
    throw new UsageError(`${file} has ${tokens.length} tokens; the model takes at most ${contextLength}`);
  const progress = drawProgress();
  const found = await tokenLogprobs(new Engine(openDawn), subject, tokens, progress);
  progress.clear();
  printJson({ tokens: [...tokens], logprobs: [null, ...found] });
  return 0;
}
