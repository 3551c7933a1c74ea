import { Button, NativeSelect } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { type Columns, columnsOf, guessMapping } from '../../../data/columns';
import { type Mapping, mappingSchema } from '../../../data/mapping';
import styles from '../setup.module.css';
import { openData } from '../setupActions';

/** Enough for a first line; files with longer ones get no mapping. */
const READ_BYTES = 256 * 1024;

type Choice = Pick<Mapping, 'prompt' | 'rubric' | 'criterion' | 'points'>;

/** Maps the columns of a file in another layout. Renders nothing when the first line is not a JSON object. */
export function ColumnMapping({ files }: { files: readonly File[] }) {
  const [columns, setColumns] = useState<Columns | null>(null);
  const [choice, setChoice] = useState<Choice | null>(null);
  const [file] = files;
  useEffect(() => {
    let wanted = true;
    void file
      ?.slice(0, READ_BYTES)
      .text()
      .then((text) => {
        if (!wanted) return;
        const found = columnsOf(text.split('\n').find((line) => line.trim() !== '') ?? '');
        setColumns(found);
        setChoice(found && guessMapping(found));
      });
    return () => {
      wanted = false;
    };
  }, [file]);
  if (!columns || !choice || columns.lists.size === 0) return null;
  const items = columns.lists.get(choice.rubric) ?? [];
  const set = (key: keyof Choice) => (value: string) => setChoice({ ...choice, [key]: value });
  const mapping = mappingSchema.safeParse(choice);
  return (
    <section className={styles.mapping} aria-label="Columns">
      <p>Does the file use other column names? Choose the column for each field.</p>
      <div className={styles.columns}>
        <Column label="Prompt" value={choice.prompt} options={columns.paths} onChange={set('prompt')} />
        <Column label="Rubric" value={choice.rubric} options={[...columns.lists.keys()]} onChange={set('rubric')} />
        {items.length > 0 && (
          <>
            <Column label="Criterion field" value={choice.criterion} options={items} onChange={set('criterion')} />
            <Column
              label="Points field"
              value={choice.points}
              options={items}
              none="1 point per criterion"
              onChange={set('points')}
            />
          </>
        )}
      </div>
      <div>
        <Button
          size="compact-sm"
          disabled={!mapping.success}
          onClick={() => mapping.success && openData({ kind: 'files', files: [...files] }, mapping.data)}
        >
          Use these columns
        </Button>
      </div>
    </section>
  );
}

interface ColumnProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  /** Option for an optional column that the file lacks. */
  readonly none?: string;
  readonly onChange: (value: string) => void;
}

/** A field that no row has means no column. */
const NONE = 'points';

function Column({ label, value, options, none, onChange }: ColumnProps) {
  const id = useId();
  const all = options.map((name) => ({ value: name, label: name }));
  const data = none === undefined || options.includes(NONE) ? all : [...all, { value: NONE, label: none }];
  return (
    <div>
      <label htmlFor={id} className="small">
        {label}
      </label>
      <NativeSelect
        id={id}
        size="sm"
        value={value}
        data={data}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </div>
  );
}
