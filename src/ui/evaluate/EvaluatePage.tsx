import { useEffect } from 'react';
import { useStore } from 'zustand';
import { listEvaluations } from '../../store/evaluationActions';
import { evaluationStore, selectShownEvaluation } from '../../store/evaluationStore';
import { AuditResult } from './AuditResult';
import { EvaluateForm } from './EvaluateForm';
import { EvaluationResult } from './EvaluationResult';
import styles from './evaluate.module.css';
import { KeptList } from './KeptList';
import { WorkLine } from './WorkLine';

/** How good are the answers, and is the grader right? What was found is kept in this browser. */
export default function EvaluatePage() {
  const shown = useStore(evaluationStore, selectShownEvaluation);
  useEffect(listEvaluations, []);
  return (
    <div className={styles.page}>
      <EvaluateForm />
      <WorkLine />
      {shown?.kind === 'evaluation' && <EvaluationResult key={shown.entry.id} kept={shown} />}
      {shown?.kind === 'audit' && <AuditResult kept={shown} />}
      <KeptList />
    </div>
  );
}
