import { Kbd } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';

const KEY = /mac|iphone|ipad/i.test(navigator.platform) ? '⌘K' : 'Ctrl K';

export function PaletteButton() {
  return (
    <button type="button" className="plain" onClick={() => spotlight.open()} aria-label={`Find an action (${KEY})`}>
      <Kbd size="xs">{KEY}</Kbd>
    </button>
  );
}
