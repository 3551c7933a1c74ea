import { useEffect } from 'react';
import { useStore } from 'zustand';
import { ComparisonView } from '../compare/ComparisonView';
import { formatRoute } from '../shell/route';
import { selectRoute, viewStore } from '../shell/viewStore';
import { AuditResult } from './AuditResult';
import { EvaluateForm } from './EvaluateForm';
import { EvaluationResult } from './EvaluationResult';
import styles from './evaluate.module.css';
import { listEvaluations } from './evaluationActions';
import { evaluationStore, selectShownEvaluation } from './evaluationStore';
import { SavedList } from './SavedList';
import { WorkLine } from './WorkLine';

const VIEWS = [
  { title: 'Score many prompts', route: { page: 'evaluate' } },
  { title: 'Compare answers live', route: { page: 'evaluate', view: 'sideBySide' } },
] as const;

/** How good are the answers, and is the grader right? Many prompts at once, or one prompt to two models. */
export default function EvaluatePage() {
  const route = useStore(viewStore, selectRoute);
  const view = route.page === 'evaluate' ? route.view : undefined;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1 className={styles.lead}>Evaluate</h1>
        <nav className={styles.views} aria-label="Ways to evaluate">
          {VIEWS.map(({ title, route: to }) => (
            <a
              key={title}
              href={formatRoute(to)}
              aria-current={view === ('view' in to ? to.view : undefined) ? 'page' : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
      </div>
      {view === 'sideBySide' ? <ComparisonView /> : <ManyPrompts />}
    </div>
  );
}

/** Results are saved in this browser. */
function ManyPrompts() {
  const shown = useStore(evaluationStore, selectShownEvaluation);
  useEffect(listEvaluations, []);
  return (
    <>
      <EvaluateForm />
      <WorkLine />
      {shown?.kind === 'evaluation' && <EvaluationResult key={shown.entry.id} saved={shown} />}
      {shown?.kind === 'audit' && <AuditResult saved={shown} />}
      <SavedList />
    </>
  );
}
