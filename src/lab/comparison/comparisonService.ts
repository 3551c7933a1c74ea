import { type ComparisonRequest, comparisonRequestSchema, ownExample, type Side } from '../../domain/comparisonRequest';
import type { Example } from '../../domain/example';
import { samplingSchema } from '../../domain/recipe/sampling';
import type { Handlers } from '../../protocol/port';
import type { Command, ExampleSummary } from '../../protocol/protocol';
import { graderOf, type LabNow, modelUnderTestOf } from '../evaluation/evaluationRequest';
import type { LabParts } from '../evaluation/evaluationService';
import { graderName } from '../evaluation/runEvaluation';
import { isAbort, LabError } from '../failures';
import { ProgressMeter } from '../progress';
import { loadRunData } from '../run/runData';
import { runComparison } from './runComparison';

type SidesCommand = 'answerSides' | 'stopSides' | 'listExamples';

/** Between two notices about the same side: the eye needs no more, and the page's thread stays free. */
const INTERVAL_MS = 100;
const MOST_EXAMPLES = 10_000;
const SHOWN_CHARACTERS = 200;

/** Live side by side: one question to a checkpoint and to what its run started from, streamed and graded. Nothing of it is kept. */
export class ComparisonService {
  private abort: AbortController | undefined;

  constructor(private readonly parts: LabParts) {}

  /** Its share of the lab's commands. */
  readonly handlers: Pick<Handlers<Command>, SidesCommand> = {
    answerSides: ({ request }) => {
      const abort = new AbortController(); // at once, so that what still waits its turn can be stopped
      this.abort = abort;
      this.parts.inTurn(() => this.answer(request, abort.signal));
    },
    stopSides: () => this.abort?.abort(),
    listExamples: ({ runId, split }) => this.parts.atOnce(() => this.list(runId, split)),
  };

  private async list(runId: string, split: 'heldOut' | 'train'): Promise<void> {
    const { notify, store } = this.parts.lab();
    const examples = (await loadRunData(await store(), runId))[split];
    notify({ type: 'examples', runId, split, examples: examples.slice(0, MOST_EXAMPLES).map(summary) });
  }

  private async answer(given: unknown, signal: AbortSignal): Promise<void> {
    const lab = this.parts.lab();
    const request = comparisonRequestSchema.parse(given);
    const { id, runId, step, maxNewTokens, seed, first } = request;
    const { engine, notify, platform } = lab;
    const meter = new ProgressMeter(notify, platform.now);
    const loading = (done: number, total: number) => meter.report('evaluate', done, total, null, 'Loading the model');
    const sentAt: Partial<Record<Side, number>> = {};
    try {
      signal.throwIfAborted();
      const { subject, run } = await modelUnderTestOf(lab, { kind: 'checkpoint', runId, step });
      const example = await exampleOf(lab, request);
      const { grader, release } = await graderOf(lab, request, subject, run);
      notify({ type: 'sidesAsked', id, example, grader: graderName({ subject, grader }) });
      loading(0, 1);
      const sampling = samplingSchema.parse({ ...run?.config.sampling, maxNewTokens });
      const job = { subject, grader, example, sampling, thinking: run?.config.thinking, seed, first };
      await runComparison(engine, job, {
        signal,
        onLoad: loading,
        onText: (side, text, tokens, finish) => {
          const now = platform.now();
          if (finish === null && now - (sentAt[side] ?? Number.NEGATIVE_INFINITY) < INTERVAL_MS) return;
          sentAt[side] = now;
          notify({ type: 'sidesText', id, side, text, tokens, finish });
        },
        onGrade: (side, criterion, grade) => notify({ type: 'sidesVerdict', id, side, criterion, grade }),
      }).finally(release);
      notify({ type: 'sidesEnded', id, how: 'done' });
    } catch (error) {
      const stopped = signal.aborted && isAbort(error);
      notify({ type: 'sidesEnded', id, how: stopped ? 'stopped' : 'failed' });
      if (!stopped) throw error;
    } finally {
      engine.releaseModel();
    }
  }
}

/** What is asked, and its rubric. */
async function exampleOf(lab: LabNow, { question, runId }: ComparisonRequest): Promise<Example> {
  if (question.kind === 'own') return ownExample(question);
  const examples = (await loadRunData(await lab.store(), runId))[question.split];
  const found = examples.find(({ promptId }) => promptId === question.promptId);
  if (found) return found;
  throw new LabError('badConfig', 'This example is not in the data of the run.', 'Choose another one.');
}

const summary = ({ promptId, prompt, rubrics }: Example): ExampleSummary => ({
  promptId,
  lastMessage: (prompt.at(-1)?.content ?? '').slice(0, SHOWN_CHARACTERS),
  criteria: rubrics.length,
});
