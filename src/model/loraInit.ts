import { strideOf } from '../kernels/weights/weight';
import { derive, uniform } from '../random';

/**
 * A (in, R padded to the stride), uniform in ±1/√in as PEFT starts it; B starts at zero, so the adapter changes nothing
 * yet.
 */
export function loraInit(seed: number, name: string, inputs: number, rank: number): Float32Array {
  const stride = strideOf(rank);
  const stream = derive(seed, 'lora', name);
  const a = new Float32Array(inputs * stride);
  const bound = 1 / Math.sqrt(inputs);
  for (let i = 0; i < inputs; i++) {
    for (let r = 0; r < rank; r++) a[i * stride + r] = (2 * uniform(stream, i * rank + r) - 1) * bound;
  }
  return a;
}
