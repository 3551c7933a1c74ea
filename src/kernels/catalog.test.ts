import { expect, it } from 'vitest';

const stem = (file: string) => file.split('/').pop()!.split('.')[0]!;
const stems = (files: Record<string, unknown>) => new Set(Object.keys(files).map(stem));

const shaders = stems(import.meta.glob(['../../shaders/*.wgsl', '../../shaders/{attention,gemm}/*.wgsl']));
const parts = {
  binding: stems(import.meta.glob(['./*.ts', './gemm/*.ts', '!./**/*.test.ts'])),
  'agreement test': stems(import.meta.glob(['./*.test.ts', './gemm/*.test.ts'])),
  reference: stems(import.meta.glob(['../reference/*.ts', '!../reference/*.test.ts'])),
};

// Checked as part of the whole model.
const CHECKED_ELSEWHERE: Record<string, string> = { transformerLayer: 'transformer' };

it.each(Object.entries(parts))('every shader has its %s', (_, present) => {
  expect([...shaders].filter((name) => !present.has(name))).toEqual([]);
});

it('every reference with a gradient is checked by finite differences', () => {
  const source = new Map(
    Object.entries(
      import.meta.glob<string>('../reference/{*,transformer/*}.ts', { query: '?raw', import: 'default', eager: true }),
    ).map(([file, text]) => [file.split('/').pop()!.replace(/\.ts$/, ''), text]),
  );
  const withGradient = [...source].flatMap(([name, text]) =>
    /export function \w+(Backward|Grad)\(/.test(text) ? [name] : [],
  );
  const unchecked = withGradient.filter(
    (name) => !source.get(`${CHECKED_ELSEWHERE[name] ?? name}.test`)?.includes('numericGradient'),
  );
  expect(withGradient.length).toBeGreaterThan(5);
  expect(withGradient).toContain('transformerLayer');
  expect(unchecked).toEqual([]);
});
