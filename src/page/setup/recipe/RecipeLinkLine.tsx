import { useStore } from 'zustand';
import styles from '../setup.module.css';
import { closeOutcome, putBack, recipeLinkStore } from './recipeLinkStore';

const selectOutcome = ({ outcome }: ReturnType<typeof recipeLinkStore.getState>) => outcome;

/** What a link has done to the recipe, at the top of the page: the recipe itself is further down. */
export function RecipeLinkLine() {
  const outcome = useStore(recipeLinkStore, selectOutcome);
  if (!outcome) return null;
  return (
    <div className={outcome.taken ? styles.taken : styles.refused} role={outcome.taken ? 'status' : 'alert'}>
      {outcome.text}{' '}
      {outcome.taken ? (
        <>
          <button type="button" className="link" onClick={putBack}>
            Put back the one before
          </button>{' '}
          ·{' '}
        </>
      ) : (
        'The recipe below is as it was. '
      )}
      <button type="button" className="link" onClick={closeOutcome}>
        Close
      </button>
    </div>
  );
}
