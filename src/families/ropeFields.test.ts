import { expect, it } from 'vitest';
import { ropeFrequencies } from './rope';
import { readGgufRopeScaling, readRopeScaling, writeRopeScaling } from './ropeFields';

const llama3 = { type: 'llama3', factor: 32, lowFactor: 1, highFactor: 4, originalContext: 8192 } as const;
const gguf = (values: Record<string, unknown>, ropeFactors?: number[]) => ({
  get: (key: string) => values[key],
  number: (key: string, fallback?: number) => (values[key] as number) ?? fallback!,
  hasTensor: () => false,
  ...(ropeFactors && { ropeFactors }),
});

it('reads what it writes, and the defaults of transformers', () => {
  const yarn = readRopeScaling({ type: 'yarn', factor: 4, original_max_position_embeddings: 32_768 }, 131_072).scaling;
  expect(yarn).toEqual({
    type: 'yarn',
    factor: 4,
    originalContext: 32_768,
    betaFast: 32,
    betaSlow: 1,
    attentionFactor: 0.1 * Math.log(4) + 1,
    truncate: true,
  });
  for (const scaling of [yarn!, llama3, { type: 'linear', factor: 8 } as const]) {
    expect(readRopeScaling(writeRopeScaling(scaling), 1024)).toEqual({ scaling });
  }
  expect(readRopeScaling(writeRopeScaling(undefined), 1024)).toEqual({});
  expect(readRopeScaling({ rope_type: 'default', rope_theta: 1e6 }, 1024)).toEqual({});
});

it('refuses scaling that it does not know, and one without its factors', () => {
  expect(readRopeScaling({ type: 'dynamic', factor: 2 }, 1024).refused).toBe('RoPE scaling of type dynamic');
  expect(readRopeScaling({ type: 'llama3', factor: 2 }, 1024).refused).toContain('llama3 without its factors');
});

it('finds the scaling of Llama 3 in the divisors of a GGUF, and refuses others', () => {
  const [theta, D] = [500_000, 64];
  const plain = ropeFrequencies({ theta }, D).frequencies;
  const scaled = ropeFrequencies({ theta, scaling: llama3 }, D).frequencies;
  const factors = Array.from(plain, (frequency, i) => Math.fround(frequency / scaled[i]!));
  expect(new Set(factors.map(Math.round)).size).toBeGreaterThan(3); // 1, 32 and some between
  expect(readGgufRopeScaling(gguf({}, factors), theta, D)).toEqual({ scaling: llama3 });
  factors[20]! *= 1.01;
  expect(readGgufRopeScaling(gguf({}, factors), theta, D).refused).toContain('other than those of Llama 3');
});

it('reads linear and yarn from GGUF metadata', () => {
  const linear = gguf({ 'rope.scaling.type': 'linear', 'rope.scaling.factor': 8 });
  expect(readGgufRopeScaling(linear, 1e4, 64)).toEqual({ scaling: { type: 'linear', factor: 8 } });
  const yarn = gguf({
    'rope.scaling.type': 'yarn',
    'rope.scaling.factor': 4,
    'rope.scaling.original_context_length': 4096,
    context_length: 16_384,
  });
  expect(readGgufRopeScaling(yarn, 1e4, 64).scaling).toMatchObject({ type: 'yarn', factor: 4, originalContext: 4096 });
  expect(readGgufRopeScaling(gguf({ 'rope.scaling.type': 'longrope' }), 1e4, 64).refused).toContain('longrope');
});
