import { useStore } from 'zustand';
import styles from '../setup.module.css';
import { closeOutcome, putBack, recipeLinkStore } from './recipeLinkStore';

const selectOutcome = ({ outcome }: ReturnType<typeof recipeLinkStore.getState>) => outcome;

/** The outcome of a recipe link, at the top of the page because the recipe is further down. */
export function RecipeLinkLine() {
  const outcome = useStore(recipeLinkStore, selectOutcome);
  if (!outcome) return null;
  return (
    <div className={outcome.taken ? styles.taken : styles.refused} role={outcome.taken ? 'status' : 'alert'}>
      {outcome.text}{' '}
      {outcome.taken ? (
        <>
          <button type="button" className="link" onClick={putBack}>
            Restore the previous recipe
          </button>{' '}
          ·{' '}
        </>
      ) : (
        'The recipe below is unchanged. '
      )}
      <button type="button" className="link" onClick={closeOutcome}>
        Close
      </button>
    </div>
  );
}
