import { NativeSelect, TextInput } from '@mantine/core';
import type { RefObject } from 'react';
import { Icon } from '../shell/Icon';
import { FILTERS, type FilterId } from './rolloutView';

interface Props {
  readonly filter: FilterId;
  readonly text: string;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly onFilter: (filter: FilterId) => void;
  readonly onText: (text: string) => void;
}

export function FilterBar({ filter, text, search, onFilter, onText }: Props) {
  return (
    <>
      <NativeSelect
        aria-label="Filter"
        size="xs"
        value={filter}
        onChange={({ currentTarget }) => onFilter(currentTarget.value as FilterId)}
        data={FILTERS.map(({ id, title }) => ({ value: id, label: title }))}
      />
      <TextInput
        ref={search}
        aria-label="Search in prompts, answers and criteria"
        placeholder="Search  /"
        size="xs"
        value={text}
        leftSection={<Icon name="search" size={14} />}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
        onKeyDown={({ key, currentTarget }) => key === 'Escape' && currentTarget.blur()}
      />
    </>
  );
}
