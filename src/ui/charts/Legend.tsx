import styles from './charts.module.css';

/** Names of the lines; only where there is more than one thing to tell apart. */
export function Legend({ items }: { items: readonly { label: string; colour: string; faint?: boolean }[] }) {
  return (
    <div className={styles.legend}>
      {items.map(({ label, colour, faint }) => (
        <span key={label}>
          <span
            className={styles.swatch}
            style={{ background: colour, ...(faint ? { opacity: 0.3, height: 9 } : {}) }}
          />
          {label}
        </span>
      ))}
    </div>
  );
}
