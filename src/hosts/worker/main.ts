import '../../strictPage';
import { toFailure } from '../../lab/failures';
import { Lab } from '../../lab/lab';
import { openPort } from '../../protocol/port';
import type { Command, Notice } from '../../protocol/protocol';
import { browserPlatform } from './browserPlatform';

// A dedicated worker: everything heavy happens here, the page only shows and asks.
const port = openPort<Notice, Command>(self as unknown as Parameters<typeof openPort>[0]);
const lab = new Lab(browserPlatform(), (notice) => port.send(notice));
port.receive(lab.handlers);

// Nothing fails in silence: what no command waited for is shown too.
self.addEventListener('unhandledrejection', ({ reason }) => port.send({ type: 'failed', failure: toFailure(reason) }));
