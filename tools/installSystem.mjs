// What the tests need from the system: a graphics adapter for WebGPU in Node (Mesa's Lavapipe where there is no GPU),
// and Chromium. Installs missing system packages as root with apt; elsewhere it lists what to install.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backportsStanza, hasBackports, parseDeb822, parseOneLine, versionAtLeast } from './aptSources.mjs';

/** The oldest Mesa whose Lavapipe Dawn accepts. */
const MESA = [23, 1];
const ADAPTER_PACKAGES = ['mesa-vulkan-drivers', 'libvulkan1'];
const CHROMIUM_PACKAGES = ['chromium', 'fonts-dejavu-core'];
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const SOURCES = '/etc/apt/sources.list';
const PARTS = '/etc/apt/sources.list.d';

export class MissingSystemPackage extends Error {}

const output = (command, args) => spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';

/** Mesa and Chromium want a private folder for their sockets; a bare container has none. */
export function ensureRuntimeFolder() {
  process.env.XDG_RUNTIME_DIR ||= mkdtempSync(join(tmpdir(), 'autodidact-'));
}

/** Tries Dawn in another process: a driver that crashes must not crash this one. */
export function adapterHere() {
  const ask = `import('webgpu').then(async ({ create }) => {
    const adapter = await create([]).requestAdapter();
    console.log(adapter ? JSON.stringify(adapter.info.description || adapter.info.vendor) : 'null');
    process.exit(0);
  })`;
  const { stdout, status } = spawnSync(process.execPath, ['-e', ask], { encoding: 'utf8' });
  const answer = status === 0 ? stdout.trim().split('\n').at(-1) : 'null';
  return answer && answer !== 'null' ? answer : null;
}

export function chromiumHere() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (!existsSync(named)) throw new MissingSystemPackage(`CHROMIUM=${named}: there is no such file`);
    return named;
  }
  return BROWSERS.find((path) => existsSync(path) && runs(path)) ?? null;
}

/** Ubuntu's `chromium-browser` may be a stub that only asks for a snap. */
const runs = (path) => /\d+\.\d+/.test(output(path, ['--version']));

const mayInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync('apt-get', ['-q', '-y', ...args], { stdio: 'inherit', env });
  if (status !== 0) throw new MissingSystemPackage(`apt-get ${args.join(' ')} failed; its message is above`);
}

const install = (...args) => apt('install', '--no-install-recommends', ...args);

/** Version that apt would install, e.g. "22.3.6-1+deb12u1"; empty when it knows none. */
const candidate = (name) => /Candidate:\s*(\S+)/.exec(output('apt-cache', ['policy', name]))?.[1] ?? '';

function aptSources() {
  const parts = existsSync(PARTS) ? readdirSync(PARTS).map((name) => join(PARTS, name)) : [];
  const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
  return [
    ...parseOneLine(read(SOURCES)),
    ...parts.filter((path) => path.endsWith('.list')).flatMap((path) => parseOneLine(read(path))),
    ...parts.filter((path) => path.endsWith('.sources')).flatMap((path) => parseDeb822(read(path))),
  ];
}

/** Installs a Mesa from the backports suite. A sources file that had to be added for it is removed again. */
function installFromBackports(codename) {
  const sources = aptSources();
  const added = join(PARTS, 'autodidact-backports.sources');
  try {
    if (!hasBackports(sources, codename)) {
      const stanza = backportsStanza(sources, codename);
      if (!stanza)
        throw new MissingSystemPackage(`No apt source for ${codename} main was found in ${SOURCES} or ${PARTS}`);
      writeFileSync(added, stanza);
      apt('update');
    }
    install('-t', `${codename}-backports`, ...ADAPTER_PACKAGES);
  } finally {
    rmSync(added, { force: true });
  }
}

function installAdapter() {
  apt('update');
  if (versionAtLeast(candidate('mesa-vulkan-drivers'), ...MESA)) return install(...ADAPTER_PACKAGES);
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  if (!codename) throw new MissingSystemPackage('/etc/os-release names no VERSION_CODENAME');
  installFromBackports(codename);
}

/**
 * The adapter that kernels run on. Throws MissingSystemPackage, saying what to install, when there is none and none can
 * be added.
 */
export function ensureAdapter() {
  ensureRuntimeFolder();
  let adapter = adapterHere();
  if (!adapter && mayInstall()) {
    console.log('No WebGPU adapter for Node yet: installing the software one (Mesa Lavapipe).');
    installAdapter();
    adapter = adapterHere();
  }
  if (adapter) return adapter;
  throw new MissingSystemPackage(
    [
      'WebGPU in Node found no adapter. It needs a Vulkan driver: that of your GPU, or Mesa 23.1 or newer (Lavapipe, in software).',
      '  Ubuntu 22.04+ or Debian 13+:  sudo apt install mesa-vulkan-drivers libvulkan1',
      '  Debian 12:  add the suite bookworm-backports to the apt sources, then',
      '              sudo apt install -t bookworm-backports mesa-vulkan-drivers libvulkan1',
    ].join('\n'),
  );
}

/**
 * Path of a Chromium that runs, installed if need be: apt's, or Playwright's where apt has none (Ubuntu ships a snap).
 */
export async function ensureChromium() {
  ensureRuntimeFolder();
  let browser = chromiumHere() ?? (await playwrightChromium());
  if (!browser && mayInstall()) {
    console.log('No Chromium yet: installing it.');
    apt('update');
    const isSnap = /snap/i.test(candidate('chromium'));
    if (candidate('chromium') && !isSnap) install(...CHROMIUM_PACKAGES);
    browser = chromiumHere();
    if (!browser) {
      spawnSync('npx', ['playwright', 'install', '--with-deps', 'chromium'], { stdio: 'inherit' });
      browser = await playwrightChromium();
    }
  }
  if (browser) return browser;
  throw new MissingSystemPackage(
    [
      'The end-to-end tests need Chromium.',
      '  Debian:  sudo apt install chromium fonts-dejavu-core',
      '  Ubuntu and others:  sudo npx playwright install --with-deps chromium',
      'or set CHROMIUM to the path of one.',
    ].join('\n'),
  );
}

/**
 * A C compiler, with which the end-to-end tests give Chromium the faster software adapter (tools/webgpu_on_lavapipe.c).
 * They pass without it, several times slower, so nothing is thrown when there is none.
 */
export function ensureCompiler() {
  if (process.platform !== 'linux' || process.arch !== 'x64' || output('gcc', ['--version']) || !mayInstall()) return;
  console.log('No C compiler: installing one, for the faster software adapter in Chromium.');
  try {
    apt('update');
    install('gcc', 'libc6-dev');
  } catch (error) {
    console.log(`${error.message}; the tests go on with Chromium's own software adapter.`);
  }
}

async function playwrightChromium() {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : null;
}
