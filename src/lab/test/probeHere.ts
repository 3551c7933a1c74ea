import { openPort } from '../../protocol/port';
import { endpointPair } from '../../protocol/test/endpointPair';
import type { ProbeCommand, ProbeNotice, ProbeThread } from '../models/probe';
import { hostProbe } from '../models/probeHost';

/** Tries a tokenizer in this thread: for tests whose tokenizers are their own. */
export function openProbeThread(): ProbeThread {
  const [here, there] = endpointPair();
  hostProbe(openPort<ProbeNotice, ProbeCommand>(there));
  return { port: openPort<ProbeCommand, ProbeNotice>(here), onDeath: () => {}, terminate: () => {} };
}
