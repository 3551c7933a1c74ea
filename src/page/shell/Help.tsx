import { Popover } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from './Icon';

/** An (i) that opens an explanation. */
export function Help({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Popover width={300} position="bottom-start" withArrow shadow="sm">
      <Popover.Target>
        <button
          type="button"
          className="plain soft"
          aria-label={`About ${title}`}
          style={{ display: 'inline-flex', padding: 2 }}
        >
          <Icon name="info" size={14} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className="small">{children}</Popover.Dropdown>
    </Popover>
  );
}
