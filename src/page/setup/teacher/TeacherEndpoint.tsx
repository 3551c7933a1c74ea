import { Button, NumberInput, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { teacherSchema } from '../../../domain/recipe/teacher';
import { isWithheld } from '../../../domain/recipe/teacherAddress';
import { recipeStore } from '../recipe/recipeStore';
import styles from '../setup.module.css';
import { openTeacher } from './teacherStore';

/** Matches the labels of the recipe's other fields. */
const LABEL = { fz: 'sm', fw: 400 } as const;

/** Address, model and key of a service. The key stays in this field and in the worker's memory. */
export function TeacherEndpoint() {
  const [fields, setFields] = useState(start);
  const [key, setKey] = useState('');
  const parsed = teacherSchema.safeParse(fields);
  const set = (change: Partial<typeof fields>) => setFields({ ...fields, ...change });
  return (
    <form
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault();
        if (parsed.success) openTeacher(parsed.data, [], key);
      }}
    >
      <TextInput
        size="sm"
        labelProps={LABEL}
        label="Address"
        placeholder="https://…/v1"
        value={fields.url}
        error={fields.url !== '' && addressError(parsed)}
        onChange={({ currentTarget }) => set({ url: currentTarget.value })}
      />
      <TextInput
        size="sm"
        labelProps={LABEL}
        label="Model"
        value={fields.model}
        onChange={({ currentTarget }) => set({ model: currentTarget.value })}
      />
      <PasswordInput
        size="sm"
        labelProps={LABEL}
        label="API key"
        description="Held in memory until the tab closes."
        autoComplete="off"
        value={key}
        onChange={({ currentTarget }) => setKey(currentTarget.value)}
      />
      <NumberInput
        size="sm"
        labelProps={LABEL}
        label="Concurrent requests"
        min={1}
        max={64}
        value={fields.concurrency}
        onChange={(value) => set({ concurrency: Number(value) })}
      />
      <NumberInput
        size="sm"
        labelProps={LABEL}
        label="Price per million input tokens"
        min={0}
        value={fields.inputPrice}
        onChange={(value) => set({ inputPrice: Number(value) })}
      />
      <NumberInput
        size="sm"
        labelProps={LABEL}
        label="Price per million output tokens"
        min={0}
        value={fields.outputPrice}
        onChange={(value) => set({ outputPrice: Number(value) })}
      />
      <div>
        <Button type="submit" variant="default" size="compact-sm" disabled={!parsed.success}>
          Use this teacher
        </Button>
        <p className="soft small">Prompts, answers and criteria are sent there for grading.</p>
      </div>
    </form>
  );
}

/** What is wrong with the address, once it is more than the beginning of one. */
const addressError = ({ error }: ReturnType<typeof teacherSchema.safeParse>): string | undefined =>
  error?.issues.find(({ path, code }) => path[0] === 'url' && code === 'custom')?.message;

/** Starts from the recipe's teacher, for instance that of the last run. A link has no teacher. */
function start() {
  const { teacher } = recipeStore.getState().config.grader;
  const given = teacher?.kind === 'endpoint' ? teacher : null;
  return {
    kind: 'endpoint' as const,
    url: given && !isWithheld(given) ? given.url : '',
    model: given?.model ?? '',
    concurrency: given?.concurrency ?? 4,
    inputPrice: given?.inputPrice ?? 0,
    outputPrice: given?.outputPrice ?? 0,
  };
}
