import { Checkbox, NumberInput } from '@mantine/core';
import { useStore } from 'zustand';
import type { DataReport } from '../../../domain/dataReport';
import { FieldLabel } from '../FieldLabel';
import { type RecipeState, recipeStore } from '../recipe/recipeStore';
import styles from '../setup.module.css';
import { changeFilter, offers, toggleName } from './dataFilter';

const selectFilter = ({ config }: RecipeState) => config.filter;

/** The filter of the recipe: themes, axes, points and lengths. */
export function DataFilter({ report }: { report: DataReport }) {
  const filter = useStore(recipeStore, selectFilter);
  return (
    <section className={styles.filter} aria-label="Filter">
      <Names report={report} kind="themes" title="Themes of the prompts" />
      <Names report={report} kind="axes" title="Axes of the criteria" />
      <div className={styles.fields}>
        <Bound
          id="filter.minPoints"
          title="Minimum points"
          help="Drops criteria with fewer points, positive or negative. A prompt that keeps no positive criterion is filtered out."
          value={filter.minPoints === 0 ? null : filter.minPoints}
          most={1000}
          whole={false}
          none="any"
          unit=""
          onChange={(value) => changeFilter({ minPoints: value ?? 0 })}
        />
        <Bound
          id="filter.maxCharacters"
          title="Maximum conversation length"
          help="Filters out prompts with a longer conversation, counting all messages."
          value={filter.maxCharacters}
          most={1e7}
          whole
          none="any length"
          unit=" characters"
          onChange={(value) => changeFilter({ maxCharacters: value })}
        />
      </div>
    </section>
  );
}

function Names({ report, kind, title }: { report: DataReport; kind: 'themes' | 'axes'; title: string }) {
  const filter = useStore(recipeStore, selectFilter);
  const offered = offers(report, kind, filter);
  if (offered.length === 0) return null;
  const chosen = filter[kind];
  return (
    <fieldset className={styles.names}>
      <legend className="small">
        {title}{' '}
        <span className="soft">{chosen.length === 0 ? '· all included (none selected)' : '· selected only'}</span>
      </legend>
      {offered.map(({ value, name, count }) => (
        <Checkbox
          key={value}
          size="xs"
          label={`${name} ${count.toLocaleString('en')}`}
          checked={chosen.includes(value)}
          onChange={() => toggleName(kind, value, offered)}
        />
      ))}
    </fieldset>
  );
}

interface BoundProps {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  /** Null: no bound, an empty field. */
  readonly value: number | null;
  readonly most: number;
  readonly whole: boolean;
  /** Placeholder of an empty field. */
  readonly none: string;
  readonly unit: string;
  onChange(value: number | null): void;
}

/** Takes effect only while the number is within its bounds. */
function Bound({ id, title, help, value, most, whole, none, unit, onChange }: BoundProps) {
  return (
    <div>
      <FieldLabel id={id} title={title} help={help} />
      <NumberInput
        id={id}
        size="sm"
        value={value ?? ''}
        placeholder={none}
        min={whole ? 1 : 0}
        max={most}
        allowDecimal={!whole}
        suffix={unit}
        hideControls
        clampBehavior="blur"
        onChange={(next) => {
          if (next === '') return onChange(null);
          const number = Number(next);
          if (Number.isFinite(number) && number >= (whole ? 1 : 0) && number <= most) onChange(number);
        }}
      />
    </div>
  );
}
