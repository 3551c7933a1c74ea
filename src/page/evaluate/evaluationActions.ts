import type { EvaluationExportKind, EvaluationSubject } from '../../evaluation/evaluations';
import { send } from '../connection/send';
import { recipeStore } from '../setup/recipe/recipeStore';
import { evaluationStore } from './evaluationStore';

/** What a person can ask of the Evaluate screen. */

/** `run/step` as the subject; everything else is the open model. Ids have no slash. */
export function subjectOf(text: string): EvaluationSubject {
  const [runId, step] = text.split('/');
  return runId && step !== undefined && /^\d+$/.test(step)
    ? { kind: 'checkpoint', runId, step: Number(step) }
    : { kind: 'openModel' };
}

export function evaluate(): void {
  const { form, busy } = evaluationStore.getState();
  if (busy) return;
  const { subject: chosen, withStart, ...rest } = form;
  const subject = subjectOf(chosen);
  const { seed, heldOutShare, filter } = recipeStore.getState().config;
  const request = {
    ...rest,
    subject,
    seed,
    heldOutShare,
    filter,
    withStart: withStart && subject.kind === 'checkpoint',
  };
  evaluationStore.setState({ busy: 'evaluation' });
  send({ type: 'evaluate', request });
}

/** Answers of an audit at most: a grading each, or several. */
const AUDITED = 500;

export function audit(file: File): void {
  const { form, busy } = evaluationStore.getState();
  if (busy) return;
  const { seed } = recipeStore.getState().config;
  const request = { subject: subjectOf(form.subject), file, mode: form.mode, limit: AUDITED, seed };
  evaluationStore.setState({ busy: 'audit' });
  send({ type: 'audit', request });
}

export const stopEvaluation = (): void => send({ type: 'stopEvaluation' });
export const listEvaluations = (): void => send({ type: 'listEvaluations' });
export const openEvaluation = (id: string): void => send({ type: 'openEvaluation', id });
export const closeEvaluation = (): void => evaluationStore.setState({ shown: null });
export const exportEvaluation = (id: string, kind: EvaluationExportKind): void =>
  send({ type: 'exportEvaluation', id, kind });

export function deleteEvaluation(id: string): void {
  evaluationStore.setState(({ shown }) => (shown?.entry.id === id ? { shown: null } : {}));
  send({ type: 'deleteEvaluation', id });
}
