import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { rolldown } from 'rolldown';
import type { ProbeCommand, ProbeNotice, ProbeThread } from '../../lab/models/probe';
import { openPort } from '../../protocol/port';
import { endpointOf } from './threadEndpoint';

/** Megabytes of its heap: a vocabulary of 250,000 tokens takes a few hundred. */
const MOST_MEMORY = 1024;

let script: Promise<string> | undefined;

/** Node starts a thread from JavaScript only: the few files of probeWorker.ts are bundled in 50 ms, once per process. */
async function bundled(): Promise<string> {
  const bundle = await rolldown({ input: join(import.meta.dirname, 'probeWorker.ts'), platform: 'node' });
  const { output } = await bundle.generate({ format: 'cjs' });
  await bundle.close();
  return output[0].code;
}

export async function openProbeThread(): Promise<ProbeThread> {
  script ??= bundled();
  return threadOf(await script);
}

/** A thread with a limited heap, of a script's text. */
export function threadOf(script: string, megabytes = MOST_MEMORY): ProbeThread {
  const thread = new Worker(script, { eval: true, resourceLimits: { maxOldGenerationSizeMb: megabytes } });
  return {
    port: openPort<ProbeCommand, ProbeNotice>(endpointOf(thread)),
    onDeath: (listener) => thread.once('error', ({ message }) => listener(message)),
    terminate: () => void thread.terminate(),
  };
}
