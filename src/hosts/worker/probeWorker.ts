import '../../strictPage';
import type { ProbeCommand, ProbeNotice } from '../../lab/models/probe';
import { hostProbe } from '../../lab/models/probeHost';
import { openPort } from '../../protocol/port';

hostProbe(openPort<ProbeNotice, ProbeCommand>(self as unknown as Worker));
