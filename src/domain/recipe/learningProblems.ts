import type { DataReport } from '../dataReport';
import type { Recipe } from './recipe';

/** Optimizer steps of the whole run. */
export const optimizerSteps = ({ steps, optimizer }: Pick<Recipe, 'steps' | 'optimizer'>): number =>
  steps * optimizer.stepsPerRollout * optimizer.epochsPerRollout;

/** What is wrong with how a recipe learns, beyond single fields. */
export function learningProblems({ loss, lengthPenalty, sampling }: Recipe): string[] {
  const found: string[] = [];
  if (loss.type === 'cispo' && loss.clipHigh < 1) {
    found.push(
      `clipHigh is ${loss.clipHigh}: for cispo it is the largest ratio itself, not what it may exceed 1 by; use 5 or so`,
    );
  }
  if (lengthPenalty.overlongTokens > sampling.maxNewTokens) {
    found.push(
      `overlongTokens is ${lengthPenalty.overlongTokens}, but an answer has at most ${sampling.maxNewTokens} tokens`,
    );
  }
  return found;
}

/** What a warm start lacks in the data that is open, in words: nothing to learn from at all, or not what its share asks for. */
export function warmStartProblem(
  { warmStart }: Pick<Recipe, 'warmStart'>,
  { idealCompletions, labelledVerdicts }: DataReport['warmStart'],
): { readonly text: string; readonly blocks: boolean } | null {
  const { steps, gradingShare } = warmStart;
  if (steps === 0) return null;
  const answers = gradingShare < 1 && idealCompletions === 0;
  const gradings = gradingShare > 0 && labelledVerdicts === 0;
  if ((answers || gradingShare === 1) && (gradings || gradingShare === 0)) {
    const lacks = { 0: 'ideal completions', 1: 'verdicts on answers' }[gradingShare];
    return {
      text: `the warm start has nothing to learn from: the data has no ${lacks ?? 'ideal completions and no verdicts on answers'}`,
      blocks: true,
    };
  }
  if (gradings)
    return { text: 'the data has no verdicts on answers: the warm start learns answers alone', blocks: false };
  if (answers)
    return { text: 'the data has no ideal completions: the warm start learns gradings alone', blocks: false };
  return null;
}

/** Elsewhere (SFT, then GRPO) the reference is the model after the supervised steps: that takes two runs here. */
function warmStartWarnings({ warmStart, loss, grader }: Recipe): string[] {
  if (warmStart.steps === 0) return [];
  const means = [
    ...(loss.klCoef > 0 ? ['the KL penalty pulls back to the model before the warm start'] : []),
    ...(grader.kind === 'frozen'
      ? ['the frozen grader is the model before the warm start, and has learned nothing of it']
      : []),
  ];
  const instead =
    'for the one after it, export the checkpoint of step 0 as a whole model, and open that without a warm start';
  return means.map((what) => `${what}: ${instead}`);
}

/** What a person may not expect of how a recipe learns. */
export function learningWarnings(config: Recipe): string[] {
  const { loss, optimizer } = config;
  const found = warmStartWarnings(config);
  if (loss.type === 'gspo' && loss.clipHigh > 0.1) {
    found.push(
      `the ratio of a whole answer moves far less than a token’s: a clip range of ${loss.clipLow} and ${loss.clipHigh} hardly ever clips, GSPO’s own is 0.0003 and 0.0004`,
    );
  }
  if (loss.clipCap !== null && loss.clipCap <= 1 + loss.clipHigh && loss.type !== 'cispo') {
    found.push(`the cap ${loss.clipCap} lies within the clip range, which ends at ${1 + loss.clipHigh}`);
  }
  if (loss.klCoef > 0 && loss.klIn === 'loss' && loss.klKind === 'k1') {
    found.push('the gradient of k1 in the loss is noise: on average it is 0; use k2 or k3, or take k1 from the reward');
  }
  const total = optimizerSteps(config);
  if (optimizer.warmupSteps >= total) {
    found.push(`the warm-up of ${optimizer.warmupSteps} updates does not end within the run’s ${total}`);
  }
  return found;
}
