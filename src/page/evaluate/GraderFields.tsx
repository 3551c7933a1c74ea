import { useStore } from 'zustand';
import { teacherName } from '../../domain/graderName';
import { teacherStore } from '../setup/teacher/teacherStore';
import { changeForm, evaluationStore, selectForm } from './evaluationStore';
import { Choice } from './fields';

const GRADERS = [
  { value: 'frozen', label: 'model before training (frozen)' },
  { value: 'self', label: 'the model itself' },
] as const;
const MODES = [
  { value: 'verdict', label: 'verdict only (fastest)' },
  { value: 'forced', label: 'reason, then verdict' },
  { value: 'json', label: 'free JSON (larger models)' },
] as const;

const selectTeacher = ({ teacher }: ReturnType<typeof teacherStore.getState>) =>
  teacher?.state === 'ready' ? teacher.value.config : null;

/** The grader and its mode, for evaluations and live comparisons. */
export function GraderFields() {
  const { grader, mode } = useStore(evaluationStore, selectForm);
  const given = useStore(teacherStore, selectTeacher);
  const teacher = given && teacherName(given);
  return (
    <>
      <Choice
        label="Graded by"
        help="The model before training grades all checkpoints by the same standard. A trained model may be more lenient with itself."
        value={grader}
        options={teacher ? [...GRADERS, { value: 'teacher', label: `${teacher} (open teacher)` }] : GRADERS}
        onChange={(value) => changeForm({ grader: value as typeof grader })}
      />
      <Choice
        label="Grading mode"
        help="Writing a reason takes longer. The verdict comes from the probabilities of true and false."
        value={mode}
        options={MODES}
        onChange={(value) => changeForm({ mode: value as typeof mode })}
      />
    </>
  );
}
