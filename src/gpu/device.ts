/** What an adapter offers, as plain data: shown on the Device card and used to choose kernel variants. */
export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** True when the adapter runs on the CPU (SwiftShader, Lavapipe, WARP). */
  readonly software: boolean;
  readonly f16: boolean;
  readonly subgroups: boolean;
  /** The fewest lanes that a subgroup may have; 0 without subgroups. */
  readonly subgroupSize: number;
  readonly timestamps: boolean;
  readonly maxBufferBytes: number;
  readonly maxBindingBytes: number;
  readonly maxStorageBuffers: number;
  readonly maxWorkgroupInvocations: number;
  readonly maxWorkgroupBytes: number;
}

const WANTED_FEATURES = ['shader-f16', 'subgroups', 'timestamp-query'] as const;

const WANTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
] as const;

export class NoWebGpu extends Error {
  override name = 'NoWebGpu';
}

/**
 * The most capable device of the best adapter: every feature that a kernel variant may use, and the adapter's own
 * limits. Throws NoWebGpu when there is no `navigator.gpu` or no adapter.
 */
export async function openDevice(gpu: GPU | undefined): Promise<{ device: GPUDevice; facts: AdapterFacts }> {
  if (!gpu) throw new NoWebGpu('This browser does not offer WebGPU here.');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new NoWebGpu('WebGPU is present, but no graphics adapter was granted.');
  const requiredFeatures = WANTED_FEATURES.filter((feature) => adapter.features.has(feature));
  const requiredLimits = Object.fromEntries(WANTED_LIMITS.map((limit) => [limit, adapter.limits[limit]]));
  const device = await adapter.requestDevice({ label: 'autodidact', requiredFeatures, requiredLimits });
  return { device, facts: factsOf(adapter, device) };
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

function factsOf({ info }: GPUAdapter, { features, limits }: GPUDevice): AdapterFacts {
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    description: info.description || info.architecture || info.vendor || 'unnamed adapter',
    software: info.isFallbackAdapter || SOFTWARE.test(`${info.description} ${info.architecture} ${info.device}`),
    f16: features.has('shader-f16'),
    subgroups: features.has('subgroups'),
    subgroupSize: features.has('subgroups') ? info.subgroupMinSize : 0,
    timestamps: features.has('timestamp-query'),
    maxBufferBytes: limits.maxBufferSize,
    maxBindingBytes: limits.maxStorageBufferBindingSize,
    maxStorageBuffers: limits.maxStorageBuffersPerShaderStage,
    maxWorkgroupInvocations: limits.maxComputeInvocationsPerWorkgroup,
    maxWorkgroupBytes: limits.maxComputeWorkgroupStorageSize,
  };
}
