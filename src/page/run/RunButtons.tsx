import { Button, Group } from '@mantine/core';
import { Icon } from '../shell/Icon';
import { pause, resume, stepOnce, stop } from './runActions';
import type { Live } from './runStore';

/** Each takes effect at the next safe point; until then the button says so. */
export function RunButtons({ live }: { live: Live }) {
  if (live.name === 'idle' || live.name === 'starting') return null;
  const paused = live.name === 'paused';
  return (
    <Group gap={8}>
      {paused || live.name === 'stepping' ? (
        <Button size="compact-sm" leftSection={<Icon name="play" />} onClick={resume} disabled={!paused}>
          Resume
        </Button>
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="pause" />}
          onClick={pause}
          disabled={live.name !== 'running'}
        >
          {live.name === 'pausing' ? 'Pausing after this step…' : 'Pause'}
        </Button>
      )}
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<Icon name="step" />}
        onClick={stepOnce}
        disabled={!paused}
      >
        {live.name === 'stepping' ? 'Running one step…' : 'Step'}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<Icon name="stop" />}
        onClick={stop}
        disabled={live.name === 'stopping'}
      >
        {live.name === 'stopping' ? 'Stopping and saving…' : 'Stop'}
      </Button>
    </Group>
  );
}
