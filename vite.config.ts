import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  base: './',
  worker: { format: 'es' },
  build: { target: 'es2023', chunkSizeWarningLimit: 1200 },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['src/**/*.test.{ts,tsx}', 'tools/**/*.test.{ts,mjs}'],
          exclude: ['src/{gpu,kernels,model,worker,cli}/**', 'src/**/*.gpu.test.ts'],
        },
      },
      {
        // Needs a WebGPU adapter (Dawn in Node) and throws without one.
        extends: true,
        test: {
          name: 'kernels',
          sequence: { groupOrder: 1 },
          include: ['src/{gpu,kernels,model,worker,cli}/**/*.test.ts', 'src/**/*.gpu.test.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
