import { type ComparisonRequest, ownPromptSchema, typedCriteria } from '../../domain/comparisonRequest';
import { isAbort } from '../../domain/failure';
import type { ComparisonEvent, Work } from '../../protocol/requests';
import { newSeed } from '../../random';
import { call, callStore, cancel } from '../connection/calls';
import { showRejection } from '../connection/showFailure';
import { subjectOf } from '../evaluate/evaluationActions';
import { evaluationStore, selectBusy } from '../evaluate/evaluationStore';
import { runStore, selectLive } from '../run/runStore';
import { type Choice, voteFor } from './blindVote';
import { bothWritten, type LiveComparison, newComparison, sideOrder, withEvent } from './comparison';
import { changeComparisonForm, checkpointChoices, comparisonStore, found } from './comparisonStore';

/** The actions of a live comparison. */

/** `run/step` of the checkpoint to compare: the chosen one if it exists, else the newest. Null without any. */
export function chosenSubject(): string | null {
  const choices = checkpointChoices(runStore.getState().runs ?? []);
  const { subject } = comparisonStore.getState().form;
  return choices.find(({ value }) => value === subject)?.value ?? choices[0]?.value ?? null;
}

/** The prompt of the form; null while it is incomplete. */
export function chosenPrompt(): ComparisonRequest['prompt'] | null {
  const { form, examples } = comparisonStore.getState();
  if (form.source === 'own') {
    const { criteria, problems } = typedCriteria(form.criteria);
    const parsed = ownPromptSchema.safeParse({ kind: 'own', text: form.text, criteria });
    return parsed.success && problems.length === 0 ? parsed.data : null;
  }
  const subject = chosenSubject();
  const { listed } = found((subject && examples[`${runOf(subject)}/${form.source}`]) || [], form.find);
  const example = listed.find(({ promptId }) => promptId === form.promptId) ?? listed[0];
  return example ? { kind: 'example', split: form.source, promptId: example.promptId } : null;
}

const runOf = (subject: string): string => subject.slice(0, subject.indexOf('/'));

/** Lists the examples of the chosen checkpoint's run, once. */
export function listExamples(): void {
  const subject = chosenSubject();
  const { form, examples } = comparisonStore.getState();
  if (!subject || form.source === 'own' || examples[`${runOf(subject)}/${form.source}`]) return;
  const [runId, split] = [runOf(subject), form.source];
  call({ type: 'listExamples', runId, split }).then(
    (listed) =>
      comparisonStore.setState((state) => ({ examples: { ...state.examples, [`${runId}/${split}`]: listed } })),
    showRejection,
  );
}

/** Draws the seed and the side that is A, and starts the comparison. */
export function compare(draw: () => number = newSeed): void {
  const text = chosenSubject();
  const prompt = chosenPrompt();
  if (!text || !prompt || selectBusy(callStore.getState()) || selectLive(runStore.getState()).name !== 'idle') return;
  const subject = subjectOf(text);
  if (subject.kind !== 'checkpoint') return;
  const { grader, mode, maxNewTokens } = evaluationStore.getState().form;
  const { runId, step } = subject;
  const request: ComparisonRequest = {
    runId,
    step,
    prompt,
    grader,
    mode,
    maxNewTokens,
    seed: draw(),
    first: draw() % 2 === 0 ? 'base' : 'checkpoint',
  };
  const comparison = newComparison(request, comparisonStore.getState().form);
  comparisonStore.setState({ comparison });
  const ended = (ended: LiveComparison['ended']) => change(comparison.id, (now) => ({ ...now, ended }));
  const onProgress = (event: Work | ComparisonEvent) => {
    if ('type' in event) change(comparison.id, (now) => withEvent(now, event));
  };
  call({ type: 'compare', request }, onProgress).then(
    () => ended('done'),
    (error: unknown) => {
      ended(isAbort(error) ? 'stopped' : 'failed');
      showRejection(error);
    },
  );
}

/** Changes the shown comparison; does nothing once another has replaced it. */
function change(id: number, next: (comparison: LiveComparison) => LiveComparison): void {
  comparisonStore.setState(({ comparison }) => (comparison?.id === id ? { comparison: next(comparison) } : {}));
}

export const stopComparison = (): void => cancel('compare');

/** Votes once both answers are complete; a second vote changes nothing. */
export function castVote(choice: Choice): void {
  const { comparison } = comparisonStore.getState();
  if (!comparison || comparison.vote !== null || !bothWritten(comparison)) return;
  const vote = voteFor(choice, sideOrder(comparison));
  const { runId, step } = comparison.request;
  comparisonStore.setState(({ votes }) => ({
    comparison: { ...comparison, vote },
    votes: [...votes, { subject: `${runId}/${step}`, vote, blind: !comparison.named }],
  }));
}

/** Selects the next example, or the first. */
export function nextExample(): void {
  const subject = chosenSubject();
  const { form, examples } = comparisonStore.getState();
  if (!subject || form.source === 'own') return;
  const { listed } = found(examples[`${runOf(subject)}/${form.source}`] ?? [], form.find);
  const prompt = chosenPrompt();
  const at = listed.findIndex(({ promptId }) => prompt?.kind === 'example' && prompt.promptId === promptId);
  const next = listed[(at + 1) % Math.max(1, listed.length)];
  if (next) changeComparisonForm({ promptId: next.promptId });
}
