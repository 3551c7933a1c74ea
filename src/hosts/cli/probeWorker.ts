import { parentPort } from 'node:worker_threads';
import type { ProbeCommand, ProbeNotice } from '../../lab/models/probe';
import { hostProbe } from '../../lab/models/probeHost';
import { openPort } from '../../protocol/port';
import { endpointOf } from './threadEndpoint';

hostProbe(openPort<ProbeNotice, ProbeCommand>(endpointOf(parentPort!)));
