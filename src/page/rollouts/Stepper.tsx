import { ActionIcon } from '@mantine/core';
import { Icon } from '../shell/Icon';
import styles from './rollouts.module.css';

interface Props {
  readonly label: string;
  readonly what: string;
  readonly onBack: (() => void) | null;
  readonly onNext: (() => void) | null;
}

/** ◀ step 12 of 60 ▶ */
export function Stepper({ label, what, onBack, onNext }: Props) {
  return (
    <div className={styles.stepper}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Previous ${what}`}
        disabled={!onBack}
        onClick={onBack ?? undefined}
      >
        <Icon name="left" />
      </ActionIcon>
      <strong>{label}</strong>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Next ${what}`}
        disabled={!onNext}
        onClick={onNext ?? undefined}
      >
        <Icon name="right" />
      </ActionIcon>
    </div>
  );
}
