import { exampleStream } from '../../rl/exampleStream';
import type { TrainContext } from '../../rl/stepPhases';
import type { StepReport } from '../../rl/stepReport';
import { train } from '../../rl/train';
import { TransformerPolicy } from '../../rl/transformerPolicy';
import { type WarmStartReport, warmStart } from '../../rl/warmStart';
import type { ProgressMeter } from '../progress';
import { graderOf } from './graders';
import { LiveStepFeed } from './liveStepFeed';
import type { OpenRun } from './openRun';

/** What a run does from where it stands: the rest of its warm start, then its steps. */
export async function* runLoop(
  { run, model, opened, examples, teacher, warmStart: warm, notify, now }: OpenRun,
  { signal, meter }: { signal: AbortSignal; meter: ProgressMeter },
): AsyncGenerator<StepReport | WarmStartReport, void, undefined> {
  const { runId, config, step } = run;
  if (warm && step === 0) {
    const longest = Math.min(model.sizes.sequence, model.sizes.batchRows);
    yield* warmStart(config, model, warm.examples, { startStep: warm.done, longest, now }, { signal });
  }
  const listener = new LiveStepFeed(runId, opened.text, notify, now);
  const onPhase: TrainContext['onPhase'] = (phase, done, total, at) => {
    if (done === total) listener.flush();
    meter.report(phase, done, total, at);
  };
  yield* train(
    config,
    new TransformerPolicy(model, opened.text, config.thinking),
    graderOf(config, { model, text: opened.text, teacher }),
    exampleStream(examples, config.seed),
    { startStep: step, now },
    { signal, onPhase, listener },
  );
}
