import { Textarea } from '@mantine/core';
import { useStore } from 'zustand';
import { typedCriteria } from '../../domain/comparisonRequest';
import styles from './compare.module.css';
import { changeComparisonForm, comparisonStore, selectComparisonForm } from './comparisonStore';
import { LABEL } from './label';

/** A question that a person types, and what it should be graded by, if anything. */
export function OwnPromptFields() {
  const { text, criteria } = useStore(comparisonStore, selectComparisonForm);
  const { problems } = typedCriteria(criteria);
  return (
    <div className={styles.picker}>
      <Textarea
        label="Question"
        description="Leave out what could tell who somebody is."
        labelProps={LABEL}
        autosize
        minRows={2}
        maxRows={8}
        value={text}
        onChange={({ currentTarget }) => changeComparisonForm({ text: currentTarget.value })}
      />
      <Textarea
        label="Criteria, if you want it graded"
        description="One a line, points first: “5 Says when to see a doctor”, “-8 Names a dose”. Without any, nothing is graded."
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
