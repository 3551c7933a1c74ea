import type { Port } from '../../protocol/port';
import { tryTokenizer } from '../../text/tryTokenizer';
import type { ProbeCommand, ProbeNotice } from './probe';

/** The other side of probe.ts, in the thread that may hang. */
export function hostProbe(port: Port<ProbeNotice, ProbeCommand>): void {
  port.receive({
    try: ({ files }) => {
      try {
        tryTokenizer(files, (part) => port.send({ type: 'part', part }));
        port.send({ type: 'done' });
      } catch (error) {
        port.send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
      }
    },
  });
}
