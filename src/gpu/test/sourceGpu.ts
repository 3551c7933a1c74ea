import type { AdapterFacts } from '../device';
import { Gpu } from '../gpu';

export interface Pipeline {
  readonly label: string;
  /** WGSL as the device gets it. */
  readonly code: string;
  readonly overrides: Readonly<Record<string, number>>;
}

/**
 * A Gpu that compiles and runs nothing, for an adapter with these facts, and the pipelines that were asked of it.
 * Buffers have a size and no bytes; what is read back is zero. For tests, and for counting what a model would do.
 */
export function sourceGpu(facts: AdapterFacts): { gpu: Gpu; pipelines: Pipeline[] } {
  const pipelines: Pipeline[] = [];
  const nothing = () => ({});
  const ignore = () => {};
  const settled = async () => undefined;
  const pass = { setPipeline: ignore, setBindGroup: ignore, dispatchWorkgroups: ignore, end: ignore };
  const encoder = {
    beginComputePass: () => pass,
    copyBufferToBuffer: ignore,
    clearBuffer: ignore,
    finish: nothing,
  };
  const device = {
    lost: new Promise(() => {}),
    addEventListener: nothing,
    pushErrorScope: nothing,
    popErrorScope: async () => null,
    queue: { writeBuffer: ignore, submit: ignore, onSubmittedWorkDone: settled },
    createCommandEncoder: () => encoder,
    createBuffer: ({ size }: GPUBufferDescriptor) => ({
      size,
      mapAsync: settled,
      getMappedRange: (_: number, bytes: number) => new ArrayBuffer(bytes),
      unmap: ignore,
      destroy: ignore,
    }),
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
