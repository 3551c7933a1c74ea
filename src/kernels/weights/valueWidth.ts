import fourWgsl from '../../../shaders/lib/weights/value.four.wgsl?raw';
import oneWgsl from '../../../shaders/lib/weights/value.one.wgsl?raw';
import type { Gpu } from '../../gpu/gpu';
import { type Access, compile, type Kernel, type KernelSpec, type Scalar } from '../../gpu/kernel';

/** A kernel for rows of some size, and how many Values such a row is. */
export interface Fitting<B extends string, P extends string> {
  readonly kernel: Kernel<B, P>;
  readonly values: number;
}

/**
 * Compiles WGSL that is written over `Value` twice: for elements one by one, and in fours. The result picks the wide
 * one for sizes that are multiples of 4, which is every size of a real model; a row then starts on the 16 bytes that a
 * vec4 needs.
 */
export async function compileWidths<const B extends Record<string, Access>, const P extends Record<string, Scalar>>(
  gpu: Gpu,
  spec: KernelSpec<B, P>,
): Promise<(size: number) => Fitting<keyof B & string, keyof P & string>> {
  const [one, four] = await Promise.all(
    [oneWgsl, fourWgsl].map((wgsl) => compile(gpu, { ...spec, source: [wgsl, ...spec.source] })),
  );
  return (size) => (size % 4 === 0 ? { kernel: four!, values: size / 4 } : { kernel: one!, values: size });
}
