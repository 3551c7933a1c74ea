import { NativeSelect, NumberInput } from '@mantine/core';
import { useId } from 'react';
import { FieldLabel } from '../setup/FieldLabel';

interface ChoiceProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

/** A choice of a few options. */
export function Choice({ label, help, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div>
      <FieldLabel id={id} title={label} help={help} />
      <NativeSelect
        id={id}
        size="sm"
        value={value}
        data={[...options]}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </div>
  );
}

interface CountProps {
  readonly label: string;
  readonly unit?: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

/** A whole number; takes effect only within its bounds. */
export function Count({ label, unit, value, min, max, onChange }: CountProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="small">
        {label}
      </label>
      <NumberInput
        id={id}
        size="sm"
        value={value}
        min={min}
        max={max}
        allowDecimal={false}
        hideControls
        clampBehavior="blur"
        suffix={unit ? ` ${unit}` : undefined}
        onChange={(next) => {
          const number = Number(next);
          if (next !== '' && Number.isInteger(number) && number >= min && number <= max) onChange(number);
        }}
      />
    </div>
  );
}
