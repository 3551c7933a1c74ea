import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Icon } from './Icon';

export function ThemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const now = useComputedColorScheme('light');
  const next = now === 'light' ? 'dark' : 'light';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`Switch to ${next} colors`}
      onClick={() => setColorScheme(next)}
    >
      <Icon name={now === 'light' ? 'moon' : 'sun'} />
    </ActionIcon>
  );
}
