import { type ComparisonRequest, ownPromptSchema, typedCriteria } from '../../domain/comparisonRequest';
import { newId, newSeed } from '../../random';
import { send } from '../connection/send';
import { subjectOf } from '../evaluate/evaluationActions';
import { evaluationStore } from '../evaluate/evaluationStore';
import { runStore, selectLive } from '../run/runStore';
import { type Choice, voteFor } from './blindVote';
import { bothWritten, newSides, sidesShown } from './comparison';
import { changeSidesForm, checkpointChoices, comparisonStore, found, selectSidesBusy } from './comparisonStore';

/** What a person can ask of the live side by side. */

/** `run/step` of the checkpoint that is asked: the chosen one while it is there, else the newest. Null without any. */
export function chosenSubject(): string | null {
  const choices = checkpointChoices(runStore.getState().runs ?? []);
  const { subject } = comparisonStore.getState().form;
  return choices.find(({ value }) => value === subject)?.value ?? choices[0]?.value ?? null;
}

/** The question of the form; null while it cannot be asked. */
export function chosenQuestion(): ComparisonRequest['question'] | null {
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
  send({ type: 'listExamples', runId: runOf(subject), split: form.source });
}

/** Draws which side stands where and both answers' seed, and asks. */
export function answerSides(draw: () => number = newSeed): void {
  const text = chosenSubject();
  const question = chosenQuestion();
  if (!text || !question || evaluationStore.getState().busy || selectLive(runStore.getState()).name !== 'idle') return;
  const subject = subjectOf(text);
  if (selectSidesBusy(comparisonStore.getState()) || subject.kind !== 'checkpoint') return;
  const { grader, mode, maxNewTokens } = evaluationStore.getState().form;
  const { runId, step } = subject;
  const request: ComparisonRequest = {
    id: newId(),
    runId,
    step,
    question,
    grader,
    mode,
    maxNewTokens,
    seed: draw(),
    first: draw() % 2 === 0 ? 'base' : 'checkpoint',
  };
  comparisonStore.setState({ asked: newSides(request, comparisonStore.getState().form) });
  evaluationStore.setState({ busy: 'sides' });
  send({ type: 'answerSides', request });
}

export const stopSides = (): void => send({ type: 'stopSides' });

/** One vote for a question, when both answers are there to read; a second one changes nothing. */
export function voteSides(choice: Choice): void {
  const { asked } = comparisonStore.getState();
  if (!asked || asked.vote !== null || !bothWritten(asked)) return;
  const vote = voteFor(choice, sidesShown(asked));
  const { runId, step } = asked.request;
  comparisonStore.setState(({ votes }) => ({
    asked: { ...asked, vote },
    votes: [...votes, { subject: `${runId}/${step}`, vote, blind: !asked.named }],
  }));
}

/** Goes on to the example after this one, or to the first. */
export function nextExample(): void {
  const subject = chosenSubject();
  const { form, examples } = comparisonStore.getState();
  if (!subject || form.source === 'own') return;
  const { listed } = found(examples[`${runOf(subject)}/${form.source}`] ?? [], form.find);
  const question = chosenQuestion();
  const at = listed.findIndex(({ promptId }) => question?.kind === 'example' && question.promptId === promptId);
  const next = listed[(at + 1) % Math.max(1, listed.length)];
  if (next) changeSidesForm({ promptId: next.promptId });
}
