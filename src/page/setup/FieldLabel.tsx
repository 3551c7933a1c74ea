import { Help } from '../shell/Help';
import styles from './setup.module.css';

/** The name of a field with its help one press away. */
export function FieldLabel({ id, title, help }: { id: string; title: string; help: string }) {
  return (
    <span className={styles.label}>
      <label htmlFor={id} className="small">
        {title}
      </label>
      <Help title={title}>{help}</Help>
    </span>
  );
}
