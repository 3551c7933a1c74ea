import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** What the built page may load and talk to: itself, and nothing else. Styles are inline because Mantine writes CSS variables. */
const CONTENT_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' blob:; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'";

/** A teacher's endpoint may be anywhere, on this machine too, and ONNX Runtime compiles WebAssembly: workers may, the page may not. */
const WORKER_POLICY = CONTENT_POLICY.replace(
  "connect-src 'self' blob:",
  "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' blob: https: http://localhost:* http://127.0.0.1:*",
);

/** In the page itself, so that it holds on any host; the dev server's own scripts are inline and would be refused. */
const contentPolicy: Plugin = {
  name: 'content-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_POLICY },
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
    chunkSizeWarningLimit: 1200,
    // In one chunk, so that the setting comes before any schema, whichever chunk that is in.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'zod', test: /node_modules[\\/]zod[\\/]|strictPage/ }] } },
    },
  },
  // Workers have no page to take the policy from: the server says it for them. Of the two that the page gets, the stricter holds.
  preview: { headers: { 'Content-Security-Policy': WORKER_POLICY } },
  // ONNX Runtime finds its WebAssembly beside its own script.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
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
