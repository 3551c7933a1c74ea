import { memo, useEffect, useRef } from 'react';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import { formatNumber } from '../shell/format';
import { CriteriaDots } from './CriteriaDots';
import styles from './rollouts.module.css';
import { excerpt } from './rolloutView';

interface Props {
  readonly answer: RolloutRecord;
  readonly current: boolean;
  readonly onSelect: (answer: RolloutRecord) => void;
}

export const FINISH = { stop: 'finished', length: 'cut off', aborted: 'stopped' } as const;

/** Scrolls the list, never the page. */
function showInList(row: HTMLElement): void {
  const list = row.closest('ol');
  if (!list) return;
  const [inner, outer] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
}

export const AnswerRow = memo(function AnswerRow({ answer, current, onSelect }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (current && button.current) showInList(button.current);
  }, [current]);
  const { advantage } = answer;
  return (
    <li>
      <button
        ref={button}
        type="button"
        className={`plain ${styles.row}`}
        aria-current={current}
        onClick={() => onSelect(answer)}
      >
        <span className="soft">#{answer.index + 1}</span>
        <span className={styles.reward}>{formatNumber(answer.reward)}</span>
        <span className="soft">
          adv {advantage < 0 ? '−' : '+'}
          {Math.abs(advantage).toFixed(1)}
        </span>
        <span className="soft">{answer.completionTokens} tok</span>
        <span className={styles.one}>
          {answer.finish !== 'stop' && <strong>{FINISH[answer.finish]} · </strong>}
          {excerpt(answer.completion.slice(0, 160))}
        </span>
        <CriteriaDots criteria={answer.criteria} />
      </button>
    </li>
  );
});
