import type { Gpu } from '../src/gpu/gpu';
import { tuneGemm } from '../src/kernels/gemm/gemmTuner';

/**
 * What the tuner chooses at the sizes of Qwen3-0.6B with bf16 weights, and how long it takes; nothing on software
 * adapters, as in the lab.
 */
export async function tune(gpu: Gpu, print: (line: string) => void): Promise<void> {
  if (gpu.facts.software) return print('software adapter: its table is measured, not tuned');
  const shapes = [
    { K: 1024, N: 3072 },
    { K: 3072, N: 1024 },
  ];
  const start = performance.now();
  const table = await tuneGemm(gpu, { formats: ['f32', 'bf16'], shapes, rows: 512 });
  print(`${((performance.now() - start) / 1000).toFixed(1)} s`);
  for (const { orientation, formats, maxRows, maxColumns, variant } of table) {
    const limits = `${maxRows ? `≤ ${maxRows} rows ` : ''}${maxColumns ? `≤ ${maxColumns} columns` : ''}`;
    print(`${orientation.padEnd(11)} ${formats.join(' ').padEnd(20)} ${limits.padEnd(18)} ${JSON.stringify(variant)}`);
  }
}
