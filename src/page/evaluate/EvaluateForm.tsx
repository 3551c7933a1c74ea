import { Button, Checkbox } from '@mantine/core';
import { useStore } from 'zustand';
import { boundsOf } from '../../domain/bounds';
import { evaluationSettingsSchema } from '../../evaluation/evaluationRequest';
import { checkpointChoices } from '../compare/comparisonStore';
import { callStore } from '../connection/calls';
import { runStore, selectLive, selectRuns } from '../run/runStore';
import { PickFiles } from '../setup/PickFiles';
import { type SetupState, setupStore } from '../setup/setupStore';
import styles from './evaluate.module.css';
import { audit, evaluate, subjectOf } from './evaluationActions';
import { changeForm, type EvaluationForm, evaluationStore, selectBusy, selectForm } from './evaluationStore';
import { Choice, Count } from './fields';
import { GraderFields } from './GraderFields';

const { prompts, answers, maxNewTokens } = evaluationSettingsSchema.shape;
const bounds = (field: typeof prompts) => {
  const { min, max } = boundsOf(field);
  return { min, max };
};
const [PROMPTS, ANSWERS, LENGTH] = [bounds(prompts), bounds(answers), bounds(maxNewTokens)];

const SPLITS = [
  { value: 'heldOut', label: 'held-out prompts' },
  { value: 'train', label: 'training prompts' },
] as const;

const selectModelName = ({ model }: SetupState) => (model.state === 'ready' ? model.value.name : null);

/** The model, prompts, grader and size of an evaluation. */
export function EvaluateForm() {
  const form = useStore(evaluationStore, selectForm);
  const busy = useStore(callStore, selectBusy);
  const live = useStore(runStore, selectLive).name !== 'idle';
  const runs = useStore(runStore, selectRuns) ?? [];
  const model = useStore(setupStore, selectModelName);
  const checkpoint = subjectOf(form.subject).kind === 'checkpoint';
  const set = (key: keyof EvaluationForm) => (value: string | number) => changeForm({ [key]: value });
  const blocked = live || busy !== null;
  return (
    <section className={styles.form} aria-label="Evaluation settings">
      <p className="soft">
        A model answers prompts, a grader gives a verdict on every criterion, and the score is computed as in
        HealthBench.
      </p>
      <div className={styles.fields}>
        <Choice
          label="Model"
          help="The open model, or a checkpoint of a run."
          value={form.subject}
          options={[{ value: 'open', label: model ? `${model}, as opened` : 'open model' }, ...checkpointChoices(runs)]}
          onChange={set('subject')}
        />
        <Choice
          label="Prompts from"
          help="The model never trains on held-out prompts. A checkpoint uses its own run’s data."
          value={form.split}
          options={SPLITS}
          onChange={set('split')}
        />
        <GraderFields />
        <Count label="Prompts" value={form.prompts} {...PROMPTS} onChange={set('prompts')} />
        <Count label="Answers per prompt" value={form.answers} {...ANSWERS} onChange={set('answers')} />
        <Count
          label="Max answer length"
          unit="tokens"
          value={form.maxNewTokens}
          {...LENGTH}
          onChange={set('maxNewTokens')}
        />
      </div>
      {checkpoint && (
        <Checkbox
          size="sm"
          checked={form.withStart}
          onChange={({ currentTarget }) => changeForm({ withStart: currentTarget.checked })}
          label="Compare with the model before training"
        />
      )}
      <div className={styles.actions}>
        <Button disabled={blocked} onClick={evaluate}>
          Evaluate
        </Button>
        <PickFiles
          label="Audit the grader…"
          accept=".jsonl,.json,.ndjson"
          disabled={blocked}
          onPick={([file]) => file && audit(file)}
        />
        <span className="soft small">
          {live
            ? 'A run is in progress. Stop it first; it is saved and can be continued.'
            : 'An audit needs HealthBench’s meta-evaluation file or recorded grades.'}
        </span>
      </div>
    </section>
  );
}
