import { PRESETS } from '../src/domain/recipe/presets';
import type { RecipeInput } from '../src/domain/recipe/recipe';
import type { Gpu } from '../src/gpu/gpu';
import { openAt, smolLM2, TINY } from './models';

const MB = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Bytes that the page announces before a run against bytes that the run allocates. */
export async function memory(gpu: Gpu, print: (line: string) => void): Promise<void> {
  const recipe = (id: string): RecipeInput => PRESETS.find((preset) => preset.id === id)!.config;
  const compare = async (name: string, path: string, config: RecipeInput) => {
    const before = gpu.counters.bytes;
    const { plan, peakBytes, release } = await openAt(gpu, path, config);
    const parts = plan.parts.map((part) => `${part.name} ${MB(part.bytes)}`).join(', ');
    print(
      `${name}: planned ${MB(plan.bytes)}, allocated ${MB(peakBytes)} (${((100 * peakBytes) / plan.bytes).toFixed(1)} %)`,
    );
    print(`  ${parts}`);
    release();
    const left = gpu.counters.bytes - before;
    if (left !== 0) print(`  not given back: ${MB(left)}`);
  };
  await compare('built-in, demo', TINY, recipe('demo'));
  const path = smolLM2();
  if (path)
    await compare('SmolLM2-135M, 2 × 4 × 64', path, {
      promptsPerStep: 2,
      groupSize: 4,
      sampling: { maxNewTokens: 64 },
    });
}
