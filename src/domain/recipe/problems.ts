import type { DataReport } from '../dataReport';
import { LOSS_TYPES } from './loss';
import { optimizerSteps } from './optimizer';
import type { Recipe } from './recipe';

/** Whether a run asks its teacher at all. */
export const asksTeacher = ({ grader, rubrics }: Pick<Recipe, 'grader' | 'rubrics'>): boolean =>
  grader.kind === 'teacher' || grader.kind === 'mixed' || (rubrics.write !== 'never' && rubrics.writer === 'teacher');

/** Errors of a recipe that no single field shows, as sentences; empty when it can run. */
export function problems(config: Recipe): string[] {
  const { loss, lengthPenalty, sampling, groupSize, optimizer } = config;
  const answers = config.promptsPerStep * groupSize;
  return [
    ...(LOSS_TYPES[loss.type].policy === 'weighted' && loss.clipHigh < 1
      ? [`The upper clip range is ${loss.clipHigh}, but with this loss it is the largest ratio. Use about 5.`]
      : []),
    ...(lengthPenalty.overlongTokens > sampling.maxNewTokens
      ? [
          `The soft overlong range is ${lengthPenalty.overlongTokens} tokens, but an answer has at most ${sampling.maxNewTokens} tokens. Lower the range.`,
        ]
      : []),
    ...teacherProblems(config),
    ...(groupSize < 2
      ? [`Answers per prompt is ${groupSize}, so no answer can be compared with another. Use 2 or more.`]
      : []),
    ...(sampling.temperature === 0
      ? ['The temperature is 0, so all answers to a prompt are equal. Use a value above 0.']
      : []),
    ...(optimizer.stepsPerRollout > answers
      ? [`Updates per step is ${optimizer.stepsPerRollout}, but a step has only ${answers} answers. Lower it.`]
      : []),
  ];
}

function teacherProblems({ grader: { kind, teacher }, rubrics }: Recipe): string[] {
  const writes = rubrics.write !== 'never' && rubrics.writer === 'teacher';
  return [
    ...((kind === 'teacher' || kind === 'mixed') && !teacher
      ? ['No teacher is given. Choose one, or another grader.']
      : []),
    ...(writes && !teacher ? ['The rubric writer is the teacher, but no teacher is given. Choose one.'] : []),
    ...(writes && teacher?.kind === 'recorded'
      ? ['Recorded grades cannot write rubrics. Choose another teacher or another rubric writer.']
      : []),
  ];
}

/** What a recipe that can run does against expectation, as sentences. */
export const warnings = (config: Recipe): string[] => [
  ...warmStartWarnings(config),
  ...lossWarnings(config),
  ...samplingWarnings(config),
];

/** Elsewhere (SFT, then GRPO) the reference is the model after the supervised steps: that takes two runs here. */
function warmStartWarnings({ warmStart, loss, grader }: Recipe): string[] {
  if (warmStart.steps === 0) return [];
  const instead = 'To use the model after it, export the checkpoint of step 0 as a whole model and open it.';
  return [
    ...(loss.klCoef > 0 ? [`The KL penalty refers to the model before the warm start. ${instead}`] : []),
    ...(grader.kind === 'frozen' ? [`The frozen grader is the model before the warm start. ${instead}`] : []),
  ];
}

function lossWarnings(config: Recipe): string[] {
  const { loss, optimizer } = config;
  const clipEnd = 1 + loss.clipHigh;
  const updates = optimizerSteps(config);
  return [
    ...(LOSS_TYPES[loss.type].ratio === 'answer' && loss.clipHigh > 0.1
      ? [
          `The clip range of ${loss.clipLow} and ${loss.clipHigh} hardly ever clips, because the ratio of a whole answer varies far less than that of a token. GSPO uses 0.0003 and 0.0004.`,
        ]
      : []),
    ...(loss.clipCap !== null && loss.clipCap <= clipEnd && LOSS_TYPES[loss.type].policy === 'clipped'
      ? [`The ratio cap of ${loss.clipCap} is within the clip range, which ends at ${clipEnd}.`]
      : []),
    ...(loss.klCoef > 0 && loss.klIn === 'loss' && loss.klKind === 'k1'
      ? [
          'In the loss, the gradient of the estimator k1 is noise with mean 0. Use k2 or k3, or set KL penalty in: reward.',
        ]
      : []),
    ...(optimizer.warmupSteps >= updates
      ? [`The warm-up of ${optimizer.warmupSteps} updates is not over when the run ends, after ${updates} updates.`]
      : []),
  ];
}

function samplingWarnings({ sampling }: Recipe): string[] {
  const filters = [sampling.topK > 0 && 'Top-k', sampling.topP < 1 && 'top-p', sampling.minP > 0 && 'min-p'].filter(
    (name) => name !== false,
  );
  const named = filters.join(' and ');
  return [
    ...(filters.length > 0
      ? [
          `${named[0]!.toUpperCase()}${named.slice(1)} ${filters.length > 1 ? 'filter' : 'filters'} the sampled tokens, but log-probabilities are those of the full distribution: training treats answers as less likely than they were.`,
        ]
      : []),
    ...(sampling.repetitionPenalty !== 1
      ? [
          'The repetition penalty changes the sampled tokens, but log-probabilities leave it out: training treats repeated words as more likely than they were.',
        ]
      : []),
  ];
}

/** What the open data lacks for the warm start: nothing to learn from at all, or one kind of example. */
export function warmStartProblem(
  { warmStart }: Pick<Recipe, 'warmStart'>,
  { idealCompletions, labelledVerdicts }: DataReport['warmStart'],
): { readonly text: string; readonly blocks: boolean } | null {
  const { steps, gradingShare } = warmStart;
  if (steps === 0) return null;
  const noIdeals = idealCompletions === 0;
  const noVerdicts = labelledVerdicts === 0;
  const wantsIdeals = gradingShare < 1;
  const wantsVerdicts = gradingShare > 0;
  if ((noIdeals || !wantsIdeals) && (noVerdicts || !wantsVerdicts)) {
    const missing = [
      ...(wantsIdeals ? ['no ideal completions'] : []),
      ...(wantsVerdicts ? ['no verdicts on answers'] : []),
    ];
    const text = `The warm start has no examples: the data has ${missing.join(' and ')}. Add data, or set supervised steps to 0.`;
    return { text, blocks: true };
  }
  if (wantsVerdicts && noVerdicts)
    return { text: 'The data has no verdicts on answers: the warm start uses ideal completions only.', blocks: false };
  if (wantsIdeals && noIdeals)
    return { text: 'The data has no ideal completions: the warm start uses gradings only.', blocks: false };
  return null;
}
