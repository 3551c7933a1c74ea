import { Button, Checkbox } from '@mantine/core';
import { useStore } from 'zustand';
import { callStore } from '../connection/calls';
import { changeForm, evaluationStore, selectBusy, selectForm } from '../evaluate/evaluationStore';
import { Choice, Count } from '../evaluate/fields';
import { GraderFields } from '../evaluate/GraderFields';
import { runStore, selectLive } from '../run/runStore';
import styles from './compare.module.css';
import { chosenPrompt, chosenSubject, compare, stopComparison } from './comparisonActions';
import {
  changeComparisonForm,
  comparisonStore,
  type ComparisonForm as Form,
  selectComparisonForm,
} from './comparisonStore';
import { ExamplePicker } from './ExamplePicker';
import { OwnPromptFields } from './OwnPromptFields';

const SOURCES = [
  { value: 'heldOut', label: 'held-out example' },
  { value: 'train', label: 'training example' },
  { value: 'own', label: 'your own prompt' },
] as const;

/** The checkpoint, prompt, grader, and the parts hidden until the vote. */
export function ComparisonForm({
  choices,
}: {
  choices: readonly { readonly value: string; readonly label: string }[];
}) {
  const form = useStore(comparisonStore, selectComparisonForm);
  useStore(comparisonStore, ({ examples }) => examples); // the choice of prompt depends on it
  const { maxNewTokens } = useStore(evaluationStore, selectForm);
  const busy = useStore(callStore, selectBusy);
  const live = useStore(runStore, selectLive).name !== 'idle';
  const ready = chosenPrompt() !== null;
  return (
    <section className={styles.form} aria-label="Comparison settings">
      <p className="soft">
        A checkpoint and the model before training answer the same prompt. Read both answers, then vote for the better
        one.
      </p>
      <div className={styles.fields}>
        <Choice
          label="Checkpoint"
          help="It is compared with the model that its run started from."
          value={chosenSubject() ?? ''}
          options={choices}
          onChange={(subject) => changeComparisonForm({ subject, promptId: null })}
        />
        <Choice
          label="Prompt from"
          help="Examples come from the checkpoint’s own run, with their rubrics. The model never trains on held-out examples."
          value={form.source}
          options={SOURCES}
          onChange={(source) => changeComparisonForm({ source: source as Form['source'], promptId: null })}
        />
        <GraderFields />
        <Count
          label="Max answer length"
          unit="tokens"
          value={maxNewTokens}
          min={1}
          max={8192}
          onChange={(value) => changeForm({ maxNewTokens: value })}
        />
      </div>
      {form.source === 'own' ? <OwnPromptFields /> : <ExamplePicker source={form.source} />}
      <div className={styles.boxes}>
        <Checkbox
          size="sm"
          label="Blind: show names after the vote"
          checked={form.blind}
          onChange={({ currentTarget }) => changeComparisonForm({ blind: currentTarget.checked })}
        />
        <Checkbox
          size="sm"
          label="Show verdicts and scores after the vote"
          checked={form.gradesAfterVote}
          onChange={({ currentTarget }) => changeComparisonForm({ gradesAfterVote: currentTarget.checked })}
        />
      </div>
      <div className={styles.actions}>
        <Button disabled={live || busy !== null || !ready} onClick={() => compare()}>
          Compare
        </Button>
        {busy === 'compare' && (
          <Button variant="default" onClick={stopComparison}>
            Stop
          </Button>
        )}
        <span className="soft small">
          {live
            ? 'A run is in progress. Stop it first; it is saved and can be continued.'
            : busy === 'evaluate' || busy === 'audit'
              ? 'An evaluation is in progress. Wait for it or stop it.'
              : ''}
        </span>
      </div>
    </section>
  );
}
