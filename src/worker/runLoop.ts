import type { RunSummary } from '../protocol';
import { exampleStream } from '../rl/exampleStream';
import { type StepReport, train } from '../rl/train';
import { TransformerPolicy } from '../rl/transformerPolicy';
import { type WarmStartReport, warmStart } from '../rl/warmStart';
import { graderOf } from './graders';
import type { ProgressMeter } from './progress';
import type { SessionParts } from './session';

/** What a run does from where it stands: the rest of its warm start, then its steps. */
export async function* runLoop(
  { model, opened, examples, teacher, warm, now }: SessionParts,
  { config, step }: RunSummary,
  { signal, meter }: { signal: AbortSignal; meter: ProgressMeter },
): AsyncGenerator<StepReport | WarmStartReport, void, undefined> {
  if (warm && step === 0) {
    const longest = Math.min(model.sizes.sequence, model.sizes.batchRows);
    yield* warmStart(config, model, warm.documents, { startStep: warm.done, longest, signal, now });
  }
  yield* train(
    config,
    new TransformerPolicy(model, opened.text, config.thinking),
    graderOf(config, { model, text: opened.text, teacher }),
    exampleStream(examples, config.seed),
    { startStep: step, signal, onPhase: (phase, done, total, at) => meter.report(phase, done, total, at), now },
  );
}
