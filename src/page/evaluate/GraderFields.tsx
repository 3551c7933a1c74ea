import { useStore } from 'zustand';
import { teacherName } from '../../domain/graderName';
import { teacherStore } from '../setup/teacher/teacherStore';
import { changeForm, evaluationStore, selectForm } from './evaluationStore';
import { Choice } from './fields';

const GRADERS = [
  { value: 'frozen', label: 'the model before training' },
  { value: 'self', label: 'the model itself' },
] as const;
const MODES = [
  { value: 'verdict', label: 'verdict only, fastest' },
  { value: 'forced', label: 'a reason, then the verdict' },
  { value: 'json', label: 'free JSON, for larger models' },
] as const;

const selectTeacher = ({ teacher }: ReturnType<typeof teacherStore.getState>) =>
  teacher?.state === 'ready' ? teacher.value.config : null;

/** Who grades, and how: for evaluations and for the live side by side. */
export function GraderFields() {
  const { grader, mode } = useStore(evaluationStore, selectForm);
  const given = useStore(teacherStore, selectTeacher);
  const teacher = given && teacherName(given);
  return (
    <>
      <Choice
        label="Graded by"
        help="The model before training judges all checkpoints alike. A trained model may have become a softer grader of itself."
        value={grader}
        options={teacher ? [...GRADERS, { value: 'teacher', label: `${teacher}, the open teacher` }] : GRADERS}
        onChange={(value) => changeForm({ grader: value as typeof grader })}
      />
      <Choice
        label="How it grades"
        help="With a reason takes longer; the verdict is read from the probabilities of true and false."
        value={mode}
        options={MODES}
        onChange={(value) => changeForm({ mode: value as typeof mode })}
      />
    </>
  );
}
