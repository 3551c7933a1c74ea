import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useShownRun } from '../run/useShownRun';
import { selectRoute, viewStore } from '../shell/viewStore';
import { AgreementTable } from './AgreementTable';
import { OpinionPanel } from './OpinionPanel';
import { ReviewItemView } from './ReviewItemView';
import { ReviewProgress } from './ReviewProgress';
import styles from './review.module.css';
import { openReview } from './reviewActions';
import { type ReviewState, reviewStore, selectCurrent, selectOpinions } from './reviewStore';

const selectRunId = ({ runId }: ReviewState) => runId;
const selectCount = ({ items }: ReviewState) => items.length;

/** For someone who knows medicine and need not know models: one verdict at a time, agree or disagree. */
export default function ReviewPage() {
  const route = useStore(viewStore, selectRoute);
  const run = useShownRun(route.page === 'review' ? route.runId : null);
  const reviewed = useStore(reviewStore, selectRunId);
  const item = useStore(reviewStore, selectCurrent);
  const count = useStore(reviewStore, selectCount);
  const opinions = useStore(reviewStore, selectOpinions);
  const runId = run && run.step > 0 ? run.runId : null;
  useEffect(() => {
    if (runId !== null && reviewStore.getState().runId !== runId) openReview(runId);
  }, [runId]);

  if (!run || runId === null) {
    return (
      <div className={styles.empty}>
        <h1 className={styles.lead}>Nothing to review yet</h1>
        <p className="soft">
          When a run has finished its first step, its verdicts come here one at a time: did the answer really do what
          the verdict says? You say whether you agree. Nobody else sees it.
        </p>
      </div>
    );
  }
  return (
    <>
      <div className={styles.head}>
        <h1 className={styles.title}>Review</h1>
        <p className="soft">
          Does the verdict on this answer hold? Your opinion is kept on this machine, with {run.name}.
        </p>
      </div>
      {reviewed !== runId ? (
        <p className="soft">Choosing verdicts…</p>
      ) : (
        <>
          <ReviewProgress />
          {item ? (
            <div className={styles.grid}>
              <ReviewItemView key={item.id} item={item} />
              <OpinionPanel key={`judge ${item.id}`} item={item} opinion={opinions.get(item.id) ?? null} />
            </div>
          ) : (
            <div className={styles.done} role="status">
              <p>
                {count === 0
                  ? 'This run has no verdicts to judge: none of its answers could be graded.'
                  : 'These were all. Thank you.'}
              </p>
              <Button variant="default" onClick={() => openReview(runId)}>
                More verdicts
              </Button>
            </div>
          )}
          <AgreementTable opinions={opinions} name={run.name} />
        </>
      )}
    </>
  );
}
