import { Popover } from '@mantine/core';
import { memo, useMemo } from 'react';
import type { StepMetrics } from '../../config/metrics';
import { healthSigns, type Sign } from '../../store/health';
import { Icon } from '../Icon';
import styles from './train.module.css';

const ICONS = { fine: 'check', watch: 'info', problem: 'warning' } as const;
const WORDS = { fine: 'fine', watch: 'watch', problem: 'problem' } as const;

/** Is learning healthy? Each sign opens what it means and what to try. */
export const HealthLine = memo(function HealthLine({ metrics }: { metrics: readonly StepMetrics[] }) {
  const signs = useMemo(() => healthSigns(metrics), [metrics]);
  return (
    <section className={styles.health} aria-label="Health">
      <h2>Health</h2>
      {signs.map((sign) => (
        <HealthSign key={sign.id} sign={sign} />
      ))}
    </section>
  );
});

function HealthSign({ sign }: { sign: Sign }) {
  return (
    <Popover width={320} position="bottom-start" withArrow shadow="sm">
      <Popover.Target>
        <button
          type="button"
          className={`plain ${styles.sign} ${styles[sign.level]}`}
          aria-label={`${WORDS[sign.level]}: ${sign.text}`}
        >
          <Icon name={ICONS[sign.level]} size={14} /> {sign.text}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="small">{sign.advice}</Popover.Dropdown>
    </Popover>
  );
}
