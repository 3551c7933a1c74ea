import { availableParallelism } from 'node:os';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { PAGE_POLICY } from './tools/securityHeaders.mjs';

/** In the page itself, so that it holds on any host; the dev server's own scripts are inline and would be refused. */
const contentPolicy: Plugin = {
  name: 'content-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: PAGE_POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

export default defineConfig({
  plugins: [react(), contentPolicy],
  base: './',
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    // Of page and workers: failures show stack traces that name our lines (page/shell/sourceStack.ts).
    sourcemap: true,
    chunkSizeWarningLimit: 1200,
    // In one chunk, so that the setting comes before any schema, whichever chunk that is in.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'zod', test: /node_modules[\\/]zod[\\/]|strictPage/ }] } },
    },
  },
  // ONNX Runtime finds its WebAssembly beside its own script.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // No unit test is timed: a busy machine is not a failure.
          testTimeout: 30_000,
          // Vitest's own choice, one fewer than there are processors, leaves half of a small machine idle.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 0 },
          include: ['src/**/*.test.{ts,tsx}', 'tools/**/*.test.{ts,mjs}'],
          exclude: ['src/{gpu,kernels,model,lab,hosts}/**', 'src/**/*.gpu.test.ts'],
        },
      },
      {
        // Needs a WebGPU adapter (Dawn in Node) and throws without one.
        extends: true,
        test: {
          name: 'kernels',
          sequence: { groupOrder: 1 },
          include: ['src/{gpu,kernels,model,lab,hosts}/**/*.test.ts', 'src/**/*.gpu.test.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
