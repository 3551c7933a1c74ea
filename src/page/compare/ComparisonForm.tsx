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
  { value: 'heldOut', label: 'a held-out example' },
  { value: 'train', label: 'an example it trained on' },
  { value: 'own', label: 'a question of your own' },
] as const;

/** Who answers what, graded by whom, and what is hidden until the vote. */
export function ComparisonForm({
  choices,
}: {
  choices: readonly { readonly value: string; readonly label: string }[];
}) {
  const form = useStore(comparisonStore, selectComparisonForm);
  useStore(comparisonStore, ({ examples }) => examples); // what can be asked depends on it
  const { maxNewTokens } = useStore(evaluationStore, selectForm);
  const busy = useStore(callStore, selectBusy);
  const live = useStore(runStore, selectLive).name !== 'idle';
  const ready = chosenPrompt() !== null;
  return (
    <section className={styles.form} aria-label="What to ask">
      <p className="soft">
        The same question goes to a checkpoint and to the model that it was trained from. Read both, then say which
        answer is better.
      </p>
      <div className={styles.fields}>
        <Choice
          label="Checkpoint"
          help="It is compared with the weights that its run started from."
          value={chosenSubject() ?? ''}
          options={choices}
          onChange={(subject) => changeComparisonForm({ subject, promptId: null })}
        />
        <Choice
          label="Ask"
          help="Examples are those of the checkpoint’s own run and bring their rubric. Held-out ones were never trained on."
          value={form.source}
          options={SOURCES}
          onChange={(source) => changeComparisonForm({ source: source as Form['source'], promptId: null })}
        />
        <GraderFields />
        <Count
          label="Longest answer"
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
          label="Blind: which is which comes after your vote"
          checked={form.blind}
          onChange={({ currentTarget }) => changeComparisonForm({ blind: currentTarget.checked })}
        />
        <Checkbox
          size="sm"
          label="Verdicts and scores come after your vote, too"
          checked={form.gradesAfterVote}
          onChange={({ currentTarget }) => changeComparisonForm({ gradesAfterVote: currentTarget.checked })}
        />
      </div>
      <div className={styles.actions}>
        <Button disabled={live || busy !== null || !ready} onClick={() => compare()}>
          Answer
        </Button>
        {busy === 'compare' && (
          <Button variant="default" onClick={stopComparison}>
            Stop
          </Button>
        )}
        <span className="soft small">
          {live
            ? 'A run is in progress: stop it first, it is saved and can go on.'
            : busy === 'evaluate' || busy === 'audit'
              ? 'An evaluation is under way: wait for it, or stop it.'
              : ''}
        </span>
      </div>
    </section>
  );
}
