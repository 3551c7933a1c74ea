// npm start: builds the app when its sources are newer than the last build, serves it on localhost and opens a browser.
//   npm start -- [--port 5173] [--host localhost] [--no-open] [--build]
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serve } from './serve.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const SOURCES = ['src', 'shaders', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'];

function newestChange(path) {
  if (!existsSync(path)) return 0;
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  // A folder's own time changes when a file in it is added, renamed or removed.
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function isBuilt() {
  const built = join(dist, 'index.html');
  if (!existsSync(built)) return false;
  return statSync(built).mtimeMs > Math.max(...SOURCES.map((source) => newestChange(join(root, source))));
}

async function build() {
  const { build } = await import('vite').catch(() => fail('The packages are not installed yet. Run: npm ci'));
  await build({ root, logLevel: 'warn' });
}

/** Asks the desktop to open the address. Without a desktop, or when that fails, the printed address is enough. */
function openBrowser(address) {
  const { platform, env } = process;
  if (env.CI || (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY)) return;
  const [command, ...args] =
    platform === 'win32' ? ['cmd', '/c', 'start', '', address] : [platform === 'darwin' ? 'open' : 'xdg-open', address];
  const opener = spawn(command, args, { stdio: 'ignore', detached: true });
  opener.on('error', () => {});
  opener.unref();
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

function options() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: process.env.PORT ?? '5173' },
        host: { type: 'string', default: 'localhost' },
        'no-open': { type: 'boolean', default: false },
        build: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error.message}\nUsage: npm start -- [--port 5173] [--host localhost] [--no-open] [--build]`);
  }
}

const { port, host, build: rebuild, 'no-open': quiet } = options();
const portNumber = Number(port);
if (!Number.isInteger(portNumber) || portNumber < 1 || portNumber > 65500)
  fail(`--port ${port}: not a port (1 to 65500)`);

if (rebuild || !isBuilt()) {
  console.log('Building …');
  await build();
}
const server = await serve(dist, { port: portNumber, host }).catch((error) =>
  fail(`Could not serve on ${host}:${port}: ${error.message}`),
);
if (server.port !== portNumber) console.log(`Port ${portNumber} is taken.`);
console.log(`Autodidact is at ${server.address}   (Ctrl+C stops it)`);
if (!quiet) openBrowser(server.address);
