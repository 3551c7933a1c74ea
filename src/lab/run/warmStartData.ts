import { type LabelledVerdict, labelledVerdictSchema, labelledVerdicts } from '../../data/labelledVerdicts';
import type { Example } from '../../domain/example';
import type { Recipe } from '../../domain/recipe/recipe';
import { parseTemplate } from '../../grading/graderPrompt';
import { answerExample, gradingExample, turnEnd } from '../../rl/sftExamples';
import type { SftSource } from '../../rl/warmStart';
import type { RunStore } from '../../storage/runStore';
import type { OpenData } from '../data/openData';
import { LabError } from '../failures';
import type { OpenModel } from '../models/openModel';

export const GRADINGS_FILE = 'gradings.jsonl';

/**
 * The known verdicts that a run's warm start learns from, besides the ideal completions of its training examples. Empty
 * when it learns from none; `leftOut` has the ids of prompts whose verdicts are not for it.
 * Throws LabError when there is a warm start and the data has nothing for it.
 */
export function warmStartVerdicts(
  { warmStart }: Recipe,
  { files }: OpenData,
  train: readonly Example[],
  leftOut: ReadonlySet<string>,
): readonly LabelledVerdict[] {
  if (warmStart.steps === 0) return [];
  const verdicts = warmStart.gradingShare === 0 ? [] : labelledVerdicts(files, leftOut);
  const answers = warmStart.gradingShare === 1 ? 0 : train.filter(({ idealCompletion }) => idealCompletion).length;
  if (verdicts.length + answers > 0) return verdicts;
  throw new LabError(
    'badConfig',
    'The warm start has no examples: the data lacks the ideal completions or verdicts that its share needs.',
    'Add a file with ideal completions, graded answers or HealthBench’s meta-evaluation, or set supervised steps to 0.',
  );
}

/** The SFT examples of a run's warm start, tokenized as they are drawn. */
export function warmStartExamples(
  run: Recipe,
  { text, report }: Pick<OpenModel, 'text' | 'report'>,
  examples: readonly Example[],
  verdicts: readonly LabelledVerdict[],
): SftSource {
  const end = turnEnd(text, report.config.endTokens);
  const template = parseTemplate(run.grader.template, run.seed);
  const answered = examples.flatMap(({ prompt, idealCompletion }) =>
    idealCompletion ? [{ prompt, idealCompletion }] : [],
  );
  return {
    answers: answered.length,
    gradings: verdicts.length,
    answer: (index) =>
      answerExample(answered[index]!, { text, end, ...(run.thinking !== undefined && { thinking: run.thinking }) }),
    grading: (index) => gradingExample(verdicts[index]!, { text, template, grader: run.grader, end }),
  };
}

/** Saves the verdicts with the run, so that a warm start can continue without the file. */
export async function keepLabelledVerdicts(
  store: RunStore,
  runId: string,
  verdicts: readonly LabelledVerdict[],
): Promise<void> {
  if (verdicts.length === 0) return;
  const lines = verdicts.map((verdict) => `${JSON.stringify(verdict)}\n`);
  await store.saveFile(runId, GRADINGS_FILE, new TextEncoder().encode(lines.join('')));
}

export async function loadLabelledVerdicts(store: RunStore, runId: string): Promise<readonly LabelledVerdict[]> {
  const bytes = await store.loadFile(runId, GRADINGS_FILE);
  if (!bytes) return [];
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines.filter((line) => line !== '').map((line) => labelledVerdictSchema.parse(JSON.parse(line)));
}
