/**
 * The label and the constants of a pipeline, as `gemm.forward.split.q4 LANES=256 ROWS=8`. Undefined for what no model
 * at real sizes uses: kernels of single elements, for sizes that are no multiple of four (kernels/weights/valueWidth.ts).
 */
export function pipelineName(
  label: string,
  code: string,
  overrides: Readonly<Record<string, number>>,
): string | undefined {
  if (code.includes('alias Value = f32;')) return undefined;
  const head = /^(?:(?:enable \w+;|const \w+ = [\w.]+;)?\n)*/.exec(code)![0];
  const constants = [...head.matchAll(/const (\w+) = ([\d.]+)/g)].map(([, name, value]) => `${name}=${value}`);
  return [label, ...constants, ...Object.entries(overrides).map(([name, value]) => `${name}=${value}`)].join(' ');
}
