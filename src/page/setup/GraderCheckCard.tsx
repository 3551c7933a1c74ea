import { Button, Checkbox } from '@mantine/core';
import { useStore } from 'zustand';
import { accuracyText, adviceOf, conclusionOf, type GraderCheck } from '../../evaluation/graderCheck';
import { callStore, openCall } from '../connection/calls';
import { runStore, selectLive } from '../run/runStore';
import { formatShare } from '../shell/format';
import { Icon } from '../shell/Icon';
import { checkedOf, checkGrader, type GraderCheckState, graderCheckStore, trainAnyway } from './graderCheckStore';
import { type RecipeState, recipeStore } from './recipe/recipeStore';
import styles from './setup.module.css';
import { type SetupState, setupStore } from './setupStore';

const selectChecked = (state: GraderCheckState) => state;
const selectSetup = (state: SetupState) => state;
const selectConfig = ({ config }: RecipeState) => config;
const selectCall = (state: Parameters<typeof openCall>[0]) => openCall(state, 'checkGrader');

/** Is the grader good enough to train on? Asked before the first step. */
export function GraderCheckCard() {
  const { check, of, anyway } = useStore(graderCheckStore, selectChecked);
  const setup = useStore(setupStore, selectSetup);
  const config = useStore(recipeStore, selectConfig);
  const open = useStore(callStore, selectCall);
  const live = useStore(runStore, selectLive);
  const current = check && of === checkedOf(config, setup) ? check : null;
  const ready = setup.model.state === 'ready' && setup.data.state === 'ready' && live.name === 'idle';
  return (
    <section className={styles.memory} aria-label="Grader check">
      <p>
        <strong>Is the grader good enough?</strong>{' '}
        <span className="soft small">
          It grades up to 48 pairs of answers, of which one meets a criterion and the other does not.
        </span>
      </p>
      <div>
        <Button size="compact-sm" variant="default" disabled={!ready || open !== null} onClick={checkGrader}>
          Check the grader
        </Button>
        {open && (
          <>
            {' '}
            <span className="soft small" role="status">
              {open.work ? `${open.work.label} ${open.work.done} of ${open.work.total}` : 'Loading the model'}
            </span>{' '}
            <Button size="compact-sm" variant="subtle" onClick={open.cancel}>
              Stop
            </Button>
          </>
        )}
      </div>
      {current && <Result check={current} />}
      {current?.result === 'chance' && (
        <Checkbox
          label="Train anyway"
          checked={anyway}
          onChange={({ currentTarget }) => trainAnyway(currentTarget.checked)}
        />
      )}
    </section>
  );
}

function Result({ check }: { check: GraderCheck }) {
  const { result, positive, negative, baselines, yesRate, ungraded, byProbability } = check;
  const bad = result === 'chance';
  const rows = [
    ['positive criteria', positive],
    ['negative criteria', negative],
    ['by probability', byProbability],
    ...baselines.map((baseline) => [`${baseline.name} alone`, baseline] as const),
  ] as const;
  return (
    <div role={bad ? 'alert' : 'status'}>
      <p className={bad ? styles.problem : undefined}>
        <Icon name={bad ? 'warning' : 'info'} size={14} /> {conclusionOf(check)}
      </p>
      <ul className="small">
        {rows.map(([name, own]) => own && <li key={name}>{`${name}: ${accuracyText(own)}`}</li>)}
        <li>
          says yes to {yesRate === null ? '–' : formatShare(yesRate)}, ungraded {formatShare(ungraded)}
        </li>
      </ul>
      {adviceOf(check).map((advice) => (
        <p key={advice} className="small">
          {advice}
        </p>
      ))}
    </div>
  );
}
