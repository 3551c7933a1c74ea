import { AUDIT_DEFAULTS, type EvaluationSubject } from '../../evaluation/evaluationRequest';
import type { EvaluationExportKind, SavedEvaluation } from '../../evaluation/evaluations';
import { download } from '../checkpoints/checkpointActions';
import { call, callStore, cancel } from '../connection/calls';
import { showRejection } from '../connection/showFailure';
import { recipeStore } from '../setup/recipe/recipeStore';
import { evaluationStore, selectBusy } from './evaluationStore';

/** The actions of the Evaluate screen. */

/** `run/step` as the subject; everything else is the open model. Ids have no slash. */
export function subjectOf(text: string): EvaluationSubject {
  const [runId, step] = text.split('/');
  return runId && step !== undefined && /^\d+$/.test(step)
    ? { kind: 'checkpoint', runId, step: Number(step) }
    : { kind: 'openModel' };
}

export function evaluate(): void {
  if (selectBusy(callStore.getState())) return;
  const { form } = evaluationStore.getState();
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
  call({ type: 'evaluate', request }).then(show, showRejection).finally(listEvaluations);
}

export function audit(file: File): void {
  if (selectBusy(callStore.getState())) return;
  const { form } = evaluationStore.getState();
  const { seed } = recipeStore.getState().config;
  const request = { subject: subjectOf(form.subject), file, mode: form.mode, limit: AUDIT_DEFAULTS.limit, seed };
  call({ type: 'audit', request }).then(show, showRejection).finally(listEvaluations);
}

const show = (shown: SavedEvaluation): void => evaluationStore.setState({ shown });

export const stopEvaluation = (): void => cancel('evaluate', 'audit');
export const closeEvaluation = (): void => evaluationStore.setState({ shown: null });

export function listEvaluations(): void {
  call({ type: 'listEvaluations' }).then((entries) => evaluationStore.setState({ entries }), showRejection);
}

export function openEvaluation(id: string): void {
  call({ type: 'openEvaluation', id }).then(show, showRejection);
}

export function exportEvaluation(id: string, kind: EvaluationExportKind): void {
  call({ type: 'exportEvaluation', id, kind }).then(download, showRejection);
}

export function deleteEvaluation(id: string): void {
  evaluationStore.setState(({ shown }) => (shown?.entry.id === id ? { shown: null } : {}));
  call({ type: 'deleteEvaluation', id }).catch(showRejection).finally(listEvaluations);
}
