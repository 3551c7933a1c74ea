import '../../strictPage';
import { toFailure } from '../../lab/failures';
import { Lab } from '../../lab/lab';
import { openServer } from '../../protocol/server';
import { browserPlatform } from './browserPlatform';

// A dedicated worker: everything heavy happens here, the page only shows and asks.
const server = openServer(self as unknown as Parameters<typeof openServer>[0], toFailure);
const lab = new Lab(browserPlatform(), server.notify);
server.answer(lab.handlers);

// Nothing fails in silence: what no call waited for is shown too.
self.addEventListener('unhandledrejection', ({ reason }) =>
  server.notify({ type: 'failed', failure: toFailure(reason) }),
);
