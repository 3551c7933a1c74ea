import { type Gpu, GpuError } from './gpu';
import type { Recorder } from './recorder';
import type { Tensor } from './tensor';

/**
 * `write` overwrites every element in range; `accumulate` adds to the present values; `update` reads and rewrites in
 * place.
 */
export type Access = 'read' | 'write' | 'accumulate' | 'update';
export type Scalar = 'u32' | 'f32';

export interface KernelSpec<B extends Record<string, Access>, P extends Record<string, Scalar>> {
  /** Shader stem and entry point, e.g. `rmsNorm.forward`. Names pipelines, profiles and errors. */
  readonly label: string;
  /** WGSL, concatenated: shared functions first. */
  readonly source: readonly string[];
  readonly entryPoint?: string;
  /** In @binding order, all in @group(0). */
  readonly bindings: B;
  /** In struct order; each field is four bytes; bound as the uniform `params` at @group(1) @binding(0). */
  readonly params: P;
  /** WGSL extensions to enable, e.g. subgroups; only where the adapter has the feature. */
  readonly enable?: readonly string[];
  /** Values for WGSL `override` declarations, e.g. { WORKGROUP: 64 }. */
  readonly overrides?: Readonly<Record<string, number>>;
  /** Prepended as `const NAME = value;` for what an override may not size (private arrays). Integers become u32. */
  readonly constants?: Readonly<Record<string, number>>;
}

export type Workgroups = number | readonly [x: number, y?: number, z?: number];

export interface Kernel<B extends string, P extends string> {
  readonly label: string;
  /** Records one dispatch. `cost` in 2^20 multiply-adds, for the time budget of a submit. */
  record(
    recorder: Recorder,
    tensors: Record<B, Tensor>,
    params: Record<P, number>,
    workgroups: Workgroups,
    cost?: number,
  ): void;
}

/**
 * The pipeline of a spec, made once per device and content. Throws GpuError with label, line and message when the WGSL
 * does not compile, or when its @group(0) bindings differ by name or order from `bindings`.
 */
export function compile<const B extends Record<string, Access>, const P extends Record<string, Scalar>>(
  gpu: Gpu,
  spec: KernelSpec<B, P>,
): Promise<Kernel<keyof B & string, keyof P & string>> {
  const enables = (spec.enable ?? []).map((name) => `enable ${name};`);
  const code = [...enables, constantsOf(spec.constants ?? {}), ...spec.source].join('\n');
  const key = JSON.stringify([spec.label, spec.entryPoint, spec.overrides, code]);
  let kernel = gpu.kernels.get(key) as Promise<Kernel<keyof B & string, keyof P & string>> | undefined;
  if (!kernel) {
    kernel = build(gpu, spec, code);
    gpu.kernels.set(key, kernel);
  }
  return kernel;
}

const constantsOf = (constants: Readonly<Record<string, number>>) =>
  Object.entries(constants)
    .map(([name, value]) => `const ${name} = ${Number.isInteger(value) ? `${value}u` : value};`)
    .join('\n');

async function build<B extends Record<string, Access>, P extends Record<string, Scalar>>(
  gpu: Gpu,
  spec: KernelSpec<B, P>,
  code: string,
): Promise<Kernel<keyof B & string, keyof P & string>> {
  type Name = keyof B & string;
  const { device, recorder, counters } = gpu;
  const names = Object.keys(spec.bindings) as Name[];
  checkBindings(spec.label, code, names);
  if (names.length > gpu.facts.maxStorageBuffers) {
    throw new GpuError(
      `${spec.label}: binds ${names.length} buffers, this adapter allows ${gpu.facts.maxStorageBuffers}`,
    );
  }

  // The scope keeps a mistake in the WGSL out of the uncaught errors: the pipeline below reports it with its line.
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: spec.label, code });
  void device.popErrorScope();
  const storageLayout = device.createBindGroupLayout({
    label: spec.label,
    entries: names.map((name, binding) => ({
      binding,
      visibility: 4,
      buffer: { type: spec.bindings[name] === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
    })),
  });
  const paramBytes = Math.max(16, 4 * Object.keys(spec.params).length);
  const paramLayout = device.createBindGroupLayout({
    label: `${spec.label} params`,
    entries: [
      {
        binding: 0,
        visibility: 4,
        buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: 4 * Object.keys(spec.params).length },
      },
    ],
  });
  const pipeline = await device
    .createComputePipelineAsync({
      label: spec.label,
      layout: device.createPipelineLayout({ bindGroupLayouts: [storageLayout, paramLayout] }),
      compute: {
        module,
        entryPoint: spec.entryPoint ?? 'main',
        constants: spec.overrides as Record<string, number> | undefined,
      },
    })
    .catch(async (cause: unknown) => {
      const { messages } = await module.getCompilationInfo();
      const lines = code.split('\n');
      const where = messages
        .map((m) => `  ${m.lineNum}:${m.linePos} ${m.message}\n    ${lines[m.lineNum - 1] ?? ''}`)
        .join('\n');
      throw new GpuError(`${spec.label} did not compile: ${(cause as Error).message}\n${where}`, { cause });
    });
  counters.pipelines++;

  const paramGroup = device.createBindGroup({
    layout: paramLayout,
    entries: [{ binding: 0, resource: { buffer: recorder.paramBuffer, size: paramBytes } }],
  });
  const writeParams = Object.entries(spec.params).map(([name, scalar], i) =>
    scalar === 'f32'
      ? (offset: number, params: Record<string, number>) =>
          recorder.paramView.setFloat32(offset + 4 * i, params[name]!, true)
      : (offset: number, params: Record<string, number>) =>
          recorder.paramView.setUint32(offset + 4 * i, params[name]!, true),
  );

  const groups = new Map<string, GPUBindGroup>();
  const storageGroup = (tensors: Record<Name, Tensor>): GPUBindGroup => {
    let key = '';
    for (const name of names) key += `${tensors[name].id} `;
    let group = groups.get(key);
    if (!group) {
      counters.bindGroups++;
      group = device.createBindGroup({
        label: spec.label,
        layout: storageLayout,
        entries: names.map((name, binding) => {
          const { buffer, offset, bytes } = tensors[name];
          const whole = Math.min(Math.ceil(bytes / 16) * 16, buffer.size - offset); // of the last vec4f too
          return { binding, resource: { buffer, offset, size: whole } };
        }),
      });
      groups.set(key, group);
      gpu.untilReleased(new Set(names.map((name) => tensors[name].buffer)), () => {
        if (groups.delete(key)) counters.bindGroups--;
      });
    }
    return group;
  };

  return {
    label: spec.label,
    record(to, tensors, params, workgroups, cost = 1) {
      const offset = to.paramSlot();
      for (const write of writeParams) write(offset, params);
      const counts = typeof workgroups === 'number' ? ([workgroups] as const) : workgroups;
      to.dispatch(spec.label, pipeline, [storageGroup(tensors), paramGroup], offset, counts, cost);
    },
  };
}

/** The declaration in TypeScript and the WGSL must agree on the order of bindings, by name. */
function checkBindings(label: string, code: string, names: readonly string[]): void {
  const declared = [...code.matchAll(/@group\(0\)\s*@binding\((\d+)\)\s*var<[^>]+>\s*(\w+)/g)];
  const inOrder = declared.sort((a, b) => Number(a[1]) - Number(b[1])).map((m) => m[2]);
  if (inOrder.join() !== names.join()) {
    throw new GpuError(`${label}: WGSL binds (${inOrder.join(', ')}), TypeScript (${names.join(', ')})`);
  }
}
