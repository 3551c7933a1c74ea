import type { AdapterFacts } from '../device';
import { Gpu } from '../gpu';

export interface Pipeline {
  readonly label: string;
  /** WGSL as the device gets it. */
  readonly code: string;
  readonly overrides: Readonly<Record<string, number>>;
}

/** A Gpu that compiles nothing, for an adapter with these facts, and the pipelines that were asked of it. For tests. */
export function sourceGpu(facts: AdapterFacts): { gpu: Gpu; pipelines: Pipeline[] } {
  const pipelines: Pipeline[] = [];
  const nothing = () => ({});
  const device = {
    lost: new Promise(() => {}),
    addEventListener: nothing,
    pushErrorScope: nothing,
    popErrorScope: async () => null,
    createBuffer: ({ size }: GPUBufferDescriptor) => ({ size }),
    createBindGroup: nothing,
    createBindGroupLayout: nothing,
    createPipelineLayout: nothing,
    createShaderModule: ({ code }: GPUShaderModuleDescriptor) => ({ code }),
    createComputePipelineAsync: async ({ label, compute }: GPUComputePipelineDescriptor) => {
      const { code } = compute.module as unknown as { code: string };
      pipelines.push({ label: label!, code, overrides: { ...compute.constants } as Record<string, number> });
      return {};
    },
  };
  return { gpu: new Gpu(device as unknown as GPUDevice, facts), pipelines };
}
