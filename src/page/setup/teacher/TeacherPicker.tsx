import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { teacherName } from '../../../domain/graderName';
import { refusalOf } from '../../connection/asyncState';
import { OpeningLine } from '../OpeningLine';
import { PickFiles } from '../PickFiles';
import { Refused } from '../Refused';
import { type RecipeState, recipeStore } from '../recipe/recipeStore';
import styles from '../setup.module.css';
import { TeacherEndpoint } from './TeacherEndpoint';
import { nameTeacher, openTeacher, teacherStore } from './teacherStore';

const KINDS = [
  { value: 'endpoint', label: 'OpenAI-compatible service' },
  { value: 'onnx', label: 'ONNX model folder' },
  { value: 'recorded', label: 'Recorded grades (JSONL)' },
];

const selectNamed = ({ config }: RecipeState) => config.grader.teacher !== undefined;
const selectTeacher = ({ teacher }: ReturnType<typeof teacherStore.getState>) => teacher;

/** Chooses the teacher. Its files and key stay in this tab: a recipe holds its name only. */
export function TeacherPicker() {
  const teacher = useStore(teacherStore, selectTeacher);
  const named = useStore(recipeStore, selectNamed);
  const refusal = teacher && refusalOf(teacher);
  const [kind, setKind] = useState(() => recipeStore.getState().config.grader.teacher?.kind ?? 'endpoint');
  return (
    <section className={styles.section} aria-label="Teacher">
      <h3>Teacher</h3>
      <div className={styles.actions}>
        <NativeSelect
          size="sm"
          aria-label="Kind of teacher"
          value={kind}
          onChange={({ currentTarget }) => setKind(currentTarget.value as typeof kind)}
          data={KINDS}
        />
        {kind === 'onnx' && (
          <PickFiles
            label="Choose folder…"
            folder
            onPick={(files) => openTeacher({ kind, name: folderOf(files) }, files, '')}
          />
        )}
        {kind === 'recorded' && (
          <PickFiles
            label="Choose file…"
            accept=".jsonl,.json"
            onPick={(files) => openTeacher({ kind, name: files[0]!.name }, files, '')}
          />
        )}
      </div>
      {kind === 'endpoint' && <TeacherEndpoint />}
      {teacher?.state === 'opening' && <OpeningLine kind="openTeacher" label={teacher.label} />}
      {refusal && <Refused failure={refusal} />}
      {teacher?.state === 'ready' && (
        <p className="small">
          <strong>{teacherName(teacher.value.config)}</strong> <span className="soft">· {teacher.value.detail}</span>
          {!named && (
            <>
              {' '}
              <span className="soft">· open, but not in this recipe ·</span>{' '}
              <button type="button" className="link" onClick={() => nameTeacher(teacher.value)}>
                use it
              </button>
            </>
          )}
        </p>
      )}
    </section>
  );
}

const folderOf = ([first]: readonly File[]): string => first?.webkitRelativePath.split('/')[0] || 'model';
