import { lazy, Suspense, useDeferredValue, useEffect } from 'react';
import { useStore } from 'zustand';
import { CheckpointsPage } from '../checkpoints/CheckpointsPage';
import { ContinueBanner } from '../checkpoints/ContinueBanner';
import { RunBar } from '../run/RunBar';
import { SetupPage } from '../setup/SetupPage';
import { TrainPage } from '../train/TrainPage';
import { CommandPalette } from './CommandPalette';
import { DropAnywhere } from './DropAnywhere';
import { ErrorBoundary } from './ErrorBoundary';
import { Failures } from './Failures';
import { Footer } from './Footer';
import { Header } from './Header';
import styles from './shell.module.css';
import { Toasts } from './Toasts';
import { selectPage, viewStore } from './viewStore';

// Only these screens need Markdown.
const RolloutsPage = lazy(() => import('../rollouts/RolloutsPage'));
const EvaluatePage = lazy(() => import('../evaluate/EvaluatePage'));
const ReviewPage = lazy(() => import('../review/ReviewPage'));

export function Shell() {
  // The tab responds at once; React draws its screen in slices.
  const page = useDeferredValue(useStore(viewStore, selectPage));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new screen starts at its top
  useEffect(() => {
    scrollTo(0, 0);
  }, [page]);
  return (
    <div className={styles.page}>
      <button type="button" className={styles.skip} onClick={skipToMain}>
        Skip to content
      </button>
      <div className={styles.top}>
        <Header />
        <RunBar />
      </div>
      <main id="main" tabIndex={-1} className={styles.main}>
        <Failures />
        <ContinueBanner />
        <ErrorBoundary key={page}>
          {page === 'setup' && <SetupPage />}
          {page === 'train' && <TrainPage />}
          {page === 'rollouts' && (
            <Suspense fallback={<p className="soft">Loading answers…</p>}>
              <RolloutsPage />
            </Suspense>
          )}
          {page === 'review' && (
            <Suspense fallback={<p className="soft">Loading review…</p>}>
              <ReviewPage />
            </Suspense>
          )}
          {page === 'evaluate' && (
            <Suspense fallback={<p className="soft">Loading evaluations…</p>}>
              <EvaluatePage />
            </Suspense>
          )}
          {page === 'checkpoints' && <CheckpointsPage />}
        </ErrorBoundary>
      </main>
      <Footer />
      <DropAnywhere />
      <CommandPalette />
      <Toasts />
    </div>
  );
}

function skipToMain() {
  document.getElementById('main')?.focus();
}
