import { type ComparisonRequest, comparisonRequestSchema, ownExample, type Side } from '../../domain/comparisonRequest';
import type { Example } from '../../domain/example';
import { samplingSchema } from '../../domain/recipe/sampling';
import type { ExampleSummary, Progress } from '../../protocol/requests';
import type { CallContext, RequestHandlers } from '../../protocol/server';
import { graderName } from '../evaluation/evaluationGrader';
import type { LabParts } from '../evaluation/evaluationService';
import { graderOf, type LabNow, modelUnderTestOf } from '../evaluation/evaluationSources';
import { LabError } from '../failures';
import { ProgressMeter } from '../progress';
import { loadRunData } from '../run/runData';
import { runComparison } from './runComparison';

/** Between two reports on the same side: the eye needs no more, and the page's thread stays free. */
const INTERVAL_MS = 100;
const MOST_EXAMPLES = 10_000;
const SHOWN_CHARACTERS = 200;

/**
 * Live comparison: one prompt to a checkpoint and to the model that its run started from, streamed and graded. Nothing
 * of it is saved.
 */
export class ComparisonService {
  constructor(private readonly parts: LabParts) {}

  readonly handlers: Pick<RequestHandlers, 'compare' | 'listExamples'> = {
    compare: ({ request }, context) => this.parts.inTurn(context, () => this.compare(request, context)),
    listExamples: async ({ runId, split }) => {
      const store = await this.parts.lab().store();
      return (await loadRunData(store, runId))[split].slice(0, MOST_EXAMPLES).map(summary);
    },
  };

  private async compare(given: unknown, { signal, progress }: CallContext<Progress<'compare'>>): Promise<void> {
    const lab = this.parts.lab();
    const { engine, platform } = lab;
    const meter = new ProgressMeter(progress, platform.now);
    const loading = (done: number, total: number) => meter.report('evaluate', done, total, null, 'Loading the model');
    const sentAt: Partial<Record<Side, number>> = {};
    try {
      const request = comparisonRequestSchema.parse(given);
      const { runId, step, maxNewTokens, seed, first } = request;
      const { subject } = await modelUnderTestOf(lab, { kind: 'checkpoint', runId, step });
      const example = await exampleOf(lab, request);
      const { grader, release } = await graderOf(lab, request, subject);
      progress({ type: 'prompt', example, grader: graderName({ subject, grader }) });
      loading(0, 1);
      const sampling = samplingSchema.parse({ ...subject.recipe?.sampling, maxNewTokens });
      const job = { subject, grader, example, sampling, thinking: subject.recipe?.thinking, seed, first };
      await runComparison(engine, job, {
        signal,
        onLoad: loading,
        onText: (side, text, tokens, finish) => {
          const now = platform.now();
          if (finish === null && now - (sentAt[side] ?? Number.NEGATIVE_INFINITY) < INTERVAL_MS) return;
          sentAt[side] = now;
          progress({ type: 'text', side, text, tokens, finish });
        },
        onGrade: (side, criterion, grade) => progress({ type: 'verdict', side, criterion, grade }),
      }).finally(release);
    } finally {
      engine.releaseModel();
    }
  }
}

/** The prompt and its rubric. */
async function exampleOf(lab: LabNow, { prompt, runId }: ComparisonRequest): Promise<Example> {
  if (prompt.kind === 'own') return ownExample(prompt);
  const examples = (await loadRunData(await lab.store(), runId))[prompt.split];
  const found = examples.find(({ promptId }) => promptId === prompt.promptId);
  if (found) return found;
  throw new LabError('badConfig', 'This example is not in the run’s data.', 'Choose another example.');
}

const summary = ({ promptId, prompt, rubrics }: Example): ExampleSummary => ({
  promptId,
  lastMessage: (prompt.at(-1)?.content ?? '').slice(0, SHOWN_CHARACTERS),
  criteria: rubrics.length,
});
