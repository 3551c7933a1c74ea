import styles from './evaluate.module.css';

/** A number with its name and a note. */
export function Tile({ title, value, note }: { title: string; value: string; note: string }) {
  return (
    <div className={styles.tile}>
      <span className="soft small">{title}</span>
      <span className={styles.value}>{value}</span>
      <span className="soft small tabular">{note}</span>
    </div>
  );
}
