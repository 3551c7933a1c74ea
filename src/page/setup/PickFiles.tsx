import { Button } from '@mantine/core';
import { useRef } from 'react';

interface Props {
  readonly label: string;
  readonly accept?: string;
  readonly folder?: boolean;
  readonly multiple?: boolean;
  readonly disabled?: boolean;
  readonly onPick: (files: File[]) => void;
}

/** A button over a file input: works in every browser, and by keyboard. */
export function PickFiles({ label, accept, folder = false, multiple = false, disabled, onPick }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button variant="default" size="compact-sm" disabled={disabled} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={(element) => {
          input.current = element;
          if (folder) element?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        hidden
        aria-label={label}
        accept={accept}
        multiple={multiple || folder}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // Lets a person pick the same file again after fixing it.
          currentTarget.value = '';
          if (files.length > 0) onPick(files);
        }}
      />
    </>
  );
}
