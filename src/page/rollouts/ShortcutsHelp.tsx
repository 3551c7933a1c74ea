import { Kbd, Modal } from '@mantine/core';

const KEYS = [
  { keys: ['j', 'k'], does: 'next and previous answer' },
  { keys: ['[', ']'], does: 'previous and next step' },
  { keys: ['/'], does: 'search' },
  { keys: ['?'], does: 'show this list' },
] as const;

export function ShortcutsHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="sm">
      {KEYS.map(({ keys, does }) => (
        <p key={does} style={{ display: 'flex', gap: 8, padding: '4px 0' }}>
          <span style={{ minWidth: 72 }}>
            {keys.map((key) => (
              <Kbd key={key} mr={4}>
                {key}
              </Kbd>
            ))}
          </span>
          {does}
        </p>
      ))}
    </Modal>
  );
}
