import { Progress } from '@mantine/core';
import { useStore } from 'zustand';
import { plural } from '../shell/format';
import styles from './review.module.css';
import { reviewStore } from './reviewStore';

/** How many of the verdicts are reviewed. */
export function ReviewProgress() {
  const { items, opinions, at } = useStore(reviewStore);
  const skipped = [...opinions.values()].filter(({ opinion }) => opinion === 'skip').length;
  if (items.length === 0) return null;
  return (
    <div className={styles.progress}>
      <span className="tabular">
        {at < items.length ? `Verdict ${at + 1} of ${items.length}` : plural(items.length, 'verdict')}
        <span className="soft">
          {' '}
          · {opinions.size} reviewed{skipped > 0 && `, ${skipped} of them skipped`}
        </span>
      </span>
      <Progress value={(100 * opinions.size) / items.length} size="sm" aria-label="Verdicts reviewed" />
    </div>
  );
}
