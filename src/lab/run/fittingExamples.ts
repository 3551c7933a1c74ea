import type { LocatedExample } from '../../data/parse';
import type { RowProblem } from '../../domain/dataReport';
import type { Recipe } from '../../domain/recipe/recipe';
import type { WorkContext } from '../../domain/workContext';
import { promptTokens } from '../../rl/transformerPolicy';
import { ConversationRefused } from '../../text/chatTemplate';
import { LabError } from '../failures';
import type { MemoryNeeds } from '../models/memoryNeeds';
import type { OpenModel } from '../models/openModel';

/** Milliseconds of counting before other work gets the thread. */
const TURN_MS = 20;

/**
 * The examples whose prompt the model and the recipe have room for, and the others as problems. Gives way to other work
 * while it counts. Throws LabError badConfig when none fits, and an AbortError on abort.
 */
export async function fittingExamples(
  located: readonly LocatedExample[],
  { sampling, maxPromptTokens, thinking }: Pick<Recipe, 'sampling' | 'maxPromptTokens' | 'thinking'>,
  { text, report }: OpenModel,
  { onProgress, signal }: WorkContext = {},
): Promise<{ fitting: LocatedExample[]; tooLong: RowProblem[] }> {
  const { contextLength } = report.config;
  const room = contextLength - sampling.maxNewTokens;
  if (room < 1) {
    throw new LabError(
      'badConfig',
      'The max answer length leaves no room for a prompt in this model’s context.',
      `Lower the max answer length to ${contextLength - 64} tokens or fewer.`,
    );
  }
  const limit = Math.min(maxPromptTokens, room);
  const fitting: LocatedExample[] = [];
  const tooLong: RowProblem[] = [];
  let refused: ConversationRefused | null = null;
  const unfit = ({ prompt }: LocatedExample['example']): string | null => {
    try {
      const { length } = promptTokens(text, prompt, thinking);
      return length <= limit ? null : `too long: the prompt has ${length} tokens, at most ${limit} fit`;
    } catch (error) {
      if (!(error instanceof ConversationRefused)) throw error;
      refused = error;
      return error.message;
    }
  };
  let turnFrom = performance.now();
  for (const [i, item] of located.entries()) {
    onProgress?.(i, located.length);
    const reason = unfit(item.example);
    if (reason === null) fitting.push(item);
    else tooLong.push({ file: item.file, line: item.line, reason });
    if (performance.now() - turnFrom > TURN_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
      turnFrom = performance.now();
    }
  }
  if (fitting.length > 0) return { fitting, tooLong };
  if (refused) throw refused;
  throw new LabError(
    'badConfig',
    `Every prompt is longer than ${limit} tokens, so there is nothing to train on.`,
    'Raise the max prompt length, or use a model with a longer context.',
  );
}

/**
 * Throws LabError when the model's context holds no conversation beside the grader's prompt and reply: every grade
 * would be missing.
 */
export function checkGradingFits({ run, graderTokens }: MemoryNeeds, { report }: OpenModel): void {
  const { contextLength } = report.config;
  if (run.grader.kind === 'teacher') return;
  const reply = run.grader.mode === 'verdict' ? 0 : run.grader.sampling.maxNewTokens;
  const needed = graderTokens + reply;
  if (needed < contextLength) return;
  throw new LabError(
    'badConfig',
    `A grading prompt needs ${needed} tokens besides the conversation, but the context has ${contextLength}.`,
    'Use a shorter grader template, shorter reasons, or the verdict mode.',
  );
}
