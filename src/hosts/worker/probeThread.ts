import type { ProbeCommand, ProbeNotice, ProbeThread } from '../../lab/models/probe';
import { openPort } from '../../protocol/port';

export function openProbeThread(): ProbeThread {
  const thread = new Worker(new URL('./probeWorker.ts', import.meta.url), { type: 'module', name: 'probe' });
  return {
    port: openPort<ProbeCommand, ProbeNotice>(thread),
    onDeath: (listener) => thread.addEventListener('error', ({ message }) => listener(message || 'it was not loaded')),
    terminate: () => thread.terminate(),
  };
}
