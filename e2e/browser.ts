import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchOptions } from '@playwright/test';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Headless Chromium grants no adapter without it. */
const WEBGPU = '--enable-unsafe-webgpu';

const executablePath = process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path));

/** Chromium as every test has it: WebGPU on a software adapter, on Mesa's where that can be had. */
export const launchOptions: LaunchOptions = {
  executablePath,
  args: [...QUIET, WEBGPU],
  env: { ...(process.env as Record<string, string>), ...lavapipe() },
};

/** The same browser, with no adapter to grant. */
export const withoutWebGpu: LaunchOptions = { executablePath, args: QUIET };

/**
 * Many times faster than Chromium’s own SwiftShader in these kernels; needs gcc and Mesa 23.1 or newer on 64-bit Linux.
 * Everything passes without it. AUTODIDACT_LAVAPIPE=0 leaves it out.
 */
function lavapipe(): Record<string, string> {
  if (process.env.AUTODIDACT_LAVAPIPE === '0' || process.platform !== 'linux' || process.arch !== 'x64') return {};
  const folder = 'node_modules/.cache/autodidact';
  const library = join(process.cwd(), folder, 'webgpu_on_lavapipe.so');
  try {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholder
    const version = execFileSync('dpkg-query', ['-W', '-f', '${Version}', 'mesa-vulkan-drivers'], { encoding: 'utf8' });
    const [major = 0, minor = 0] = version
      .replace(/^\d+:/, '')
      .split('.')
      .map((part) => Number.parseInt(part, 10));
    if (major < 23 || (major === 23 && minor < 1)) return {};
    if (!existsSync(library)) {
      mkdirSync(folder, { recursive: true });
      execFileSync('gcc', ['-O2', '-shared', '-fPIC', '-o', library, 'tools/webgpu_on_lavapipe.c', '-ldl'], {
        stdio: 'ignore',
      });
    }
    return { LD_PRELOAD: library };
  } catch {
    return {};
  }
}
