// A static file server for the built app: enough for one person on localhost, nothing more.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { isLoopback, isOwnHost, securityHeaders } from './securityHeaders.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/x-ndjson; charset=utf-8',
  '.wasm': 'application/wasm',
  '.wgsl': 'text/wgsl; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

/** The file under `root` that a request names, or null when the path leaves `root` or is not valid. */
export function fileFor(root, url) {
  let path;
  try {
    path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return null;
  }
  if (path.includes('\0')) return null;
  const file = normalize(join(root, path.endsWith('/') ? `${path}index.html` : path));
  return file.startsWith(normalize(root) + sep) ? file : null;
}

async function answer(root, request, response) {
  if (!isOwnHost(request.headers.host, request.socket.localPort)) {
    response.writeHead(421, { 'Content-Type': TYPES['.txt'] }).end('This server answers for localhost only.\n');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const file = fileFor(root, request.url ?? '/');
  const found = file ? await stat(file).catch(() => null) : null;
  if (!found?.isFile()) {
    response.writeHead(404, { 'Content-Type': TYPES['.txt'] }).end('Not found\n');
    return;
  }
  const tag = `"${found.size.toString(16)}-${Math.trunc(found.mtimeMs).toString(16)}"`;
  const headers = {
    ...securityHeaders(file),
    'Content-Type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
    'Cache-Control': 'no-cache', // always ask; the tag makes an unchanged file cost nothing
    ETag: tag,
  };
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'Content-Length': found.size });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
}

/**
 * Serves the folder `root` on `port`, or on the first free port after it (20 are tried). Resolves to { address, port,
 * close }. Throws when none is free, or the host is not this machine's own (localhost, 127.0.0.1, ::1).
 */
export async function serve(root, { port = 5173, host = 'localhost' } = {}) {
  if (!isLoopback(host)) {
    throw new Error(
      `${host} can be reached from other machines. Use localhost, and a tunnel (ssh -L) to work from elsewhere`,
    );
  }
  const server = createServer((request, response) => {
    answer(root, request, response).catch(() => response.destroy());
  });
  for (let tried = 0; ; tried++) {
    const error = await new Promise((resolve) => {
      server.once('error', resolve);
      server.listen(port + tried, host, () => {
        server.off('error', resolve);
        resolve(null);
      });
    });
    if (!error) break;
    if (error.code !== 'EADDRINUSE' || tried === 19) throw error;
  }
  const { port: bound } = server.address();
  return { address: `http://${host}:${bound}/`, port: bound, close: () => server.close() };
}
