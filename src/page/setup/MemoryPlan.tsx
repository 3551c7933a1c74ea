import { useStore } from 'zustand';
import { formatBytes } from '../shell/format';
import styles from './setup.module.css';
import { type SetupState, setupStore } from './setupStore';

const selectPlan = ({ plan }: SetupState) => plan;

const COLOURS = {
  weights: 'var(--series-blue)',
  'starting weights': 'color-mix(in srgb, var(--series-blue) 45%, var(--series-grey))',
  'adapter and optimizer': 'var(--series-green)',
  'KV cache': 'var(--series-orange)',
  activations: 'var(--series-purple)',
  head: 'var(--series-grey)',
  other: 'var(--line-strong)',
} as const;

/** The memory that the run needs on the graphics card, part by part, and the settings that save some. */
export function MemoryPlan() {
  const plan = useStore(setupStore, selectPlan);
  if (!plan) return null;
  const parts = plan.parts.filter(({ bytes }) => bytes > 0);
  return (
    <section className={styles.memory} aria-label="Memory">
      <p>
        Needs <strong>{formatBytes(plan.bytes)}</strong> of graphics memory
        <span className="soft small"> · browsers do not say how much the card has</span>
      </p>
      <div className={styles.parts} aria-hidden="true">
        {parts.map(({ name, bytes }) => (
          <div key={name} style={{ flex: bytes / plan.bytes, background: COLOURS[name] }} />
        ))}
      </div>
      <div className={styles.legend}>
        {parts.map(({ name, bytes }) => (
          <span key={name}>
            <span className={styles.swatch} style={{ background: COLOURS[name] }} />
            {name} {formatBytes(bytes)}
          </span>
        ))}
      </div>
      {!plan.fits && (
        <p role="alert" className={styles.refused}>
          <strong>Does not fit:</strong> one buffer is larger than this adapter allows.{' '}
          {plan.savings.map(({ knob, change, bytes }) => `${knob}: ${change} (−${formatBytes(bytes)})`).join('; ')}
        </p>
      )}
    </section>
  );
}
