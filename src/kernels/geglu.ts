import backwardWgsl from '../../shaders/geglu.backward.wgsl?raw';
import forwardWgsl from '../../shaders/geglu.forward.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { gatedUnit } from './gatedUnit';

/**
 * Gemma's gated unit (Shazeer 2020, arXiv 2002.05202): y = gelu(gate) · up, with the tanh approximation of gelu.
 * reference/geglu.ts has the plain loops.
 */
export const geglu = (gpu: Gpu) => gatedUnit(gpu, 'geglu', forwardWgsl, backwardWgsl);
