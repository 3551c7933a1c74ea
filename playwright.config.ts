import { defineConfig } from '@playwright/test';
import { launchOptions } from './e2e/browser';

const PORT = Number(process.env.PORT ?? 4317);

/** Against the built app, as a person would have it: `npm run build` first, or let the server below do it. */
export default defineConfig({
  testDir: 'e2e',
  // Runs share one software GPU: side by side they would only slow each other down.
  workers: 1,
  fullyParallel: false,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://localhost:${PORT}`,
    viewport: { width: 1280, height: 900 },
    // A toast that fades has no contrast to measure.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions,
    trace: 'off',
    screenshot: 'only-on-failure',
  },
  webServer: {
    // The server that people start: its headers are part of what is tested.
    command: `node tools/start.mjs --build --no-open --port ${PORT}`,
    url: `http://localhost:${PORT}`,
    timeout: 180_000,
    reuseExistingServer: true,
  },
});
