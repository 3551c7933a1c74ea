import backwardWgsl from '../../shaders/swiglu.backward.wgsl?raw';
import forwardWgsl from '../../shaders/swiglu.forward.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { gatedUnit } from './gatedUnit';

/**
 * The gated unit of the feed-forward (Shazeer 2020, arXiv 2002.05202): y = silu(gate) · up. reference/swiglu.ts has the
 * plain loops.
 */
export const swiglu = (gpu: Gpu) => gatedUnit(gpu, 'swiglu', forwardWgsl, backwardWgsl);
