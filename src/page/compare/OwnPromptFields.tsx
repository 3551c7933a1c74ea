import { Textarea } from '@mantine/core';
import { useStore } from 'zustand';
import { typedCriteria } from '../../domain/comparisonRequest';
import styles from './compare.module.css';
import { changeComparisonForm, comparisonStore, selectComparisonForm } from './comparisonStore';
import { LABEL } from './label';

/** A prompt that a person types, and optional criteria. */
export function OwnPromptFields() {
  const { text, criteria } = useStore(comparisonStore, selectComparisonForm);
  const { problems } = typedCriteria(criteria);
  return (
    <div className={styles.picker}>
      <Textarea
        label="Prompt"
        description="Don’t enter anything that could identify a person."
        labelProps={LABEL}
        autosize
        minRows={2}
        maxRows={8}
        value={text}
        onChange={({ currentTarget }) => changeComparisonForm({ text: currentTarget.value })}
      />
      <Textarea
        label="Criteria (optional)"
        description="One per line, points first: “5 Says when to see a doctor”, “-8 Names a dose”. Without criteria, nothing is graded."
        error={problems.length > 0 ? problems.join(' ') : undefined}
        labelProps={LABEL}
        autosize
        minRows={2}
        maxRows={8}
        value={criteria}
        onChange={({ currentTarget }) => changeComparisonForm({ criteria: currentTarget.value })}
      />
    </div>
  );
}
