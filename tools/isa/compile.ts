// Compiles the engine's pipelines one after the other, each after a line `@@ name` on stderr, where the driver prints
// what it makes of it. Started by driver.ts with the driver of a chip that is not here: nothing is dispatched, and
// buffers and bind groups are stubs, because that driver has no memory to give.
import { writeSync } from 'node:fs';
import { create } from 'webgpu';
import { openDevice } from '../../src/gpu/device';
import { Gpu } from '../../src/gpu/gpu';
import { compileEngine } from './engine';
import { pipelineName } from './pipelineName';

const instance = create([]);
(globalThis as Record<string, unknown>).instance = instance; // the process dies if it is collected
const { device: real, facts } = await openDevice(instance);
writeSync(2, `\n## ${facts.description}\n`);

const codes = new WeakMap<GPUShaderModule, string>();
const compiled = new Set<string>();
let last: Promise<unknown> = Promise.resolve();
const stubs: Partial<Record<keyof GPUDevice, unknown>> = {
  createBuffer: ({ size, label }: GPUBufferDescriptor) => ({ size, label, destroy() {} }),
  createBindGroup: () => ({}),
  createShaderModule: (descriptor: GPUShaderModuleDescriptor) => {
    const module = real.createShaderModule(descriptor);
    codes.set(module, descriptor.code);
    return module;
  },
  createComputePipelineAsync: (descriptor: GPUComputePipelineDescriptor) => {
    const { module, constants } = descriptor.compute;
    const name = pipelineName(descriptor.label ?? '', codes.get(module) ?? '', constants ?? {});
    if (name === undefined) return Promise.resolve({});
    if (compiled.has(name)) throw new Error(`two pipelines are named ${name}`);
    compiled.add(name);
    const next = last.then(() => {
      writeSync(2, `\n@@ ${name}\n`);
      return real.createComputePipelineAsync(descriptor);
    });
    last = next.catch(() => {});
    return next;
  },
};
const device = new Proxy(real, {
  get(target, key) {
    const value = stubs[key as keyof GPUDevice] ?? (target[key as keyof GPUDevice] as unknown);
    return typeof value === 'function' && !(key in stubs) ? value.bind(target) : value;
  },
});
await compileEngine(new Gpu(device as GPUDevice, facts));
writeSync(2, '\n@@ end\n');
setTimeout(() => process.exit(0), 200); // Dawn keeps the process alive
