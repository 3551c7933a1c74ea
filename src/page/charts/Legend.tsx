import styles from './charts.module.css';

export interface LegendItem {
  readonly label: string;
  readonly colour: string;
  /** A band. */
  readonly faint?: boolean;
  /** Single points. */
  readonly dot?: boolean;
}

/** Names of the lines; shown only for more than one. */
export function Legend({ items }: { items: readonly LegendItem[] }) {
  return (
    <div className={styles.legend}>
      {items.map(({ label, colour, faint, dot }) => (
        <span key={label} data-legend>
          <span
            className={styles.swatch}
            style={{
              background: colour,
              ...(faint ? { opacity: 0.3, height: 9 } : {}),
              ...(dot ? { width: 7, height: 7, borderRadius: 4 } : {}),
            }}
          />
          {label}
        </span>
      ))}
    </div>
  );
}
