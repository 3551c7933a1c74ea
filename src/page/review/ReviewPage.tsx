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

/** For people who know medicine, not models: one verdict at a time, agree or disagree. */
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
          After a run’s first step, its verdicts appear here one at a time. You say whether you agree with each. Nobody
          else sees your opinions.
        </p>
      </div>
    );
  }
  return (
    <>
      <div className={styles.head}>
        <h1 className={styles.title}>Review</h1>
        <p className="soft">
          Is the verdict on this answer right? Your opinion is saved on this computer, with {run.name}.
        </p>
      </div>
      {reviewed !== runId ? (
        <p className="soft">Loading verdicts…</p>
      ) : (
        <>
          <ReviewProgress />
          {item ? (
            <div className={styles.grid}>
              <ReviewItemView key={item.id} item={item} />
              <OpinionPanel key={`opinion ${item.id}`} item={item} opinion={opinions.get(item.id) ?? null} />
            </div>
          ) : (
            <div className={styles.done} role="status">
              <p>
                {count === 0
                  ? 'This run has no verdicts to review: none of its answers could be graded.'
                  : 'You have reviewed all of these verdicts. Thank you.'}
              </p>
              <Button variant="default" onClick={() => openReview(runId)}>
                Load more verdicts
              </Button>
            </div>
          )}
          <AgreementTable opinions={opinions} name={run.name} />
        </>
      )}
    </>
  );
}
