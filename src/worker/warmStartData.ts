import type { RunConfig } from '../config/run';
import { answerDocument, type Grading, gradingDocument, turnEnd } from '../rl/documents';
import type { DocumentSource } from '../rl/warmStart';
import type { Example } from '../rubric/example';
import { parseTemplate } from '../rubric/graderPrompt';
import { agreed, decidedRows } from '../rubric/judged';
import { type MetaEvalRow, parseRow } from '../rubric/row';
import type { RunStore } from '../storage/runStore';
import { LabError } from './failures';
import type { OpenData } from './openData';
import type { OpenModel } from './openModel';

const FILE = 'gradings.jsonl';

/** What the warm start learns from, besides the ideal completions of the training examples. */
export type JudgedAnswers = readonly MetaEvalRow[];

/**
 * The judged answers of the data's meta-evaluation files, none of a prompt that is held out. Empty when there is no warm start on gradings; throws
 * LabError when there is one and the data has nothing for it.
 */
export function judgedAnswers(
  { warmStart }: RunConfig,
  { files }: OpenData,
  train: readonly Example[],
  heldOut: ReadonlySet<string>,
): JudgedAnswers {
  if (warmStart.steps === 0) return [];
  const judged = warmStart.gradingShare === 0 ? [] : decidedRows(files, heldOut);
  const answers = warmStart.gradingShare === 1 ? 0 : train.filter(({ idealCompletion }) => idealCompletion).length;
  if (judged.length + answers > 0) return judged;
  throw new LabError(
    'badConfig',
    'The warm start has nothing to learn from: the data has no ideal completions and no judged answers for its share.',
    'Add a file with ideal completions or HealthBench’s meta-evaluation file, or set the warm start to 0 steps.',
  );
}

/** The documents of a run's warm start, tokenized as they are drawn. */
export function warmStartDocuments(
  run: RunConfig,
  { text, report }: Pick<OpenModel, 'text' | 'report'>,
  examples: readonly Example[],
  judged: JudgedAnswers,
): DocumentSource {
  const end = turnEnd(text, report.config.endTokens);
  const template = parseTemplate(run.grader.template);
  const answered = examples.flatMap(({ prompt, idealCompletion }) =>
    idealCompletion ? [{ prompt, idealCompletion }] : [],
  );
  return {
    answers: answered.length,
    gradings: judged.length,
    answer: (index) =>
      answerDocument(answered[index]!, { text, end, ...(run.thinking !== undefined && { thinking: run.thinking }) }),
    grading: (index) => gradingDocument(gradingOf(judged[index]!), { text, template, grader: run.grader, end }),
  };
}

/** HealthBench's meta-evaluation criteria are worth 5 points where they are used as rubrics. */
const gradingOf = ({ promptId, prompt, completion, criterion, labels }: MetaEvalRow): Grading => ({
  promptId,
  prompt,
  completion,
  criterion,
  points: 5,
  met: agreed({ labels }) === true,
  explanation: '',
});

/** Keeps the judged answers with the run, so that a warm start can go on without the file. */
export async function keepJudged(store: RunStore, runId: string, judged: JudgedAnswers): Promise<void> {
  if (judged.length === 0) return;
  const rows = judged.map(({ promptId, prompt, completion, criterion, labels, category }) => {
    const row = { prompt_id: promptId, prompt, completion, rubric: criterion, binary_labels: labels, category };
    return `${JSON.stringify(row)}\n`;
  });
  await store.saveFile(runId, FILE, new TextEncoder().encode(rows.join('')));
}

export async function loadJudged(store: RunStore, runId: string): Promise<JudgedAnswers> {
  const bytes = await store.loadFile(runId, FILE);
  if (!bytes) return [];
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const row = parseRow(line);
      return row.kind === 'metaEval' ? [row.row] : [];
    });
}
