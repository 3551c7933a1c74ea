import { Button, Checkbox } from '@mantine/core';
import { useStore } from 'zustand';
import type { RunSummary } from '../../protocol';
import { audit, evaluate, subjectOf } from '../../store/evaluationActions';
import { changeForm, type EvaluationForm, evaluationStore, selectBusy, selectForm } from '../../store/evaluationStore';
import { runStore, selectLive, selectRuns } from '../../store/runStore';
import { type SetupState, setupStore } from '../../store/setupStore';
import { teacherStore } from '../../store/teacherStore';
import { PickFiles } from '../setup/PickFiles';
import styles from './evaluate.module.css';
import { Choice, Count } from './fields';

const GRADERS = [
  { value: 'frozen', label: 'the model before training (frozen)' },
  { value: 'self', label: 'the model itself' },
] as const;
const MODES = [
  { value: 'verdict', label: 'verdict only, fastest' },
  { value: 'forced', label: 'a reason, then the verdict' },
  { value: 'json', label: 'free JSON, for larger models' },
] as const;
const SPLITS = [
  { value: 'heldOut', label: 'held-out prompts' },
  { value: 'train', label: 'training prompts' },
] as const;

const selectTeacher = ({ teacher }: ReturnType<typeof teacherStore.getState>) =>
  teacher?.state === 'ready' ? teacher.value.config : null;
const selectModelName = ({ model }: SetupState) => (model.state === 'ready' ? model.value.name : null);

/** What to evaluate, on what, graded by whom, and how much. */
export function EvaluateForm() {
  const form = useStore(evaluationStore, selectForm);
  const busy = useStore(evaluationStore, selectBusy);
  const live = useStore(runStore, selectLive).name !== 'idle';
  const runs = useStore(runStore, selectRuns) ?? [];
  const model = useStore(setupStore, selectModelName);
  const given = useStore(teacherStore, selectTeacher);
  const teacher = given && (given.kind === 'endpoint' ? given.model : given.name);
  const checkpoint = subjectOf(form.subject).kind === 'checkpoint';
  const set = (key: keyof EvaluationForm) => (value: string | number) => changeForm({ [key]: value });
  const blocked = live || busy !== null;
  return (
    <section className={styles.form} aria-label="What to evaluate">
      <h1 className={styles.lead}>Evaluate</h1>
      <p className="soft">
        A model answers prompts, a grader judges every criterion, and the score is computed as HealthBench does it.
      </p>
      <div className={styles.fields}>
        <Choice
          label="Model"
          help="The open model, or what a run had learnt at a checkpoint."
          value={form.subject}
          options={[{ value: 'open', label: model ? `${model}, as opened` : 'the open model' }, ...checkpoints(runs)]}
          onChange={set('subject')}
        />
        <Choice
          label="Prompts from"
          help="Held-out prompts were never trained on. A checkpoint is evaluated on its own run’s data."
          value={form.split}
          options={SPLITS}
          onChange={set('split')}
        />
        <Choice
          label="Graded by"
          help="The model before training judges all checkpoints alike. A trained model may have become a softer grader of itself."
          value={form.grader}
          options={teacher ? [...GRADERS, { value: 'teacher', label: `${teacher}, the open teacher` }] : GRADERS}
          onChange={set('grader')}
        />
        <Choice
          label="How it grades"
          help="With a reason takes longer; the verdict is read from the probabilities of true and false."
          value={form.mode}
          options={MODES}
          onChange={set('mode')}
        />
        <Count label="Prompts" value={form.prompts} min={1} max={5000} onChange={set('prompts')} />
        <Count label="Answers to each prompt" value={form.answers} min={1} max={64} onChange={set('answers')} />
        <Count
          label="Longest answer"
          unit="tokens"
          value={form.maxNewTokens}
          min={1}
          max={8192}
          onChange={set('maxNewTokens')}
        />
      </div>
      {checkpoint && (
        <Checkbox
          size="sm"
          checked={form.withStart}
          onChange={({ currentTarget }) => changeForm({ withStart: currentTarget.checked })}
          label="Also answer with the model before training, and compare"
        />
      )}
      <div className={styles.actions}>
        <Button disabled={blocked} onClick={evaluate}>
          Evaluate
        </Button>
        <PickFiles
          label="Audit the grader on a file…"
          accept=".jsonl,.json,.ndjson"
          disabled={blocked}
          onPick={([file]) => file && audit(file)}
        />
        <span className="soft small">
          {live
            ? 'A run is under way: stop it first, it is saved and can go on.'
            : 'An audit needs HealthBench’s meta-evaluation file, or answers that were graded before.'}
        </span>
      </div>
    </section>
  );
}

const checkpoints = (runs: readonly RunSummary[]) =>
  runs.flatMap(({ runId, name, checkpoints: kept }) =>
    [...kept].reverse().map(({ step }) => ({ value: `${runId}/${step}`, label: `${name}, step ${step}` })),
  );
