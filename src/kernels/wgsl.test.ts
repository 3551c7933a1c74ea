import { NagaError, parseWgsl, validate } from 'naga-wasm';
import { describe, expect, it } from 'vitest';
import type { Pipeline } from '../gpu/test/sourceGpu';
import { allPipelines } from './test/pipelines';

const shaders = Object.entries(
  import.meta.glob<string>('../../shaders/**/*.wgsl', { query: '?raw', import: 'default', eager: true }),
).map(([path, text]) => ({ name: path.replace('../../shaders/', '').replace('.wgsl', ''), text }));

/** The head of enables and constants, which differ between pipelines of one body. */
const HEAD = /^(?:(?:enable \w+;|const \w+ = [\w.]+;)?\n)*/;

/** Without the numbers that kernels/decode/product.ts gives to names of sections and to bindings. */
const unnumbered = (code: string) => code.replace(/_[012]\b/g, '').replace(/@binding\(\d+\)/g, '@binding');

const partsOf = (code: string) => {
  const whole = unnumbered(code);
  return shaders
    .map(({ name, text }) => ({ name, at: whole.indexOf(unnumbered(text)) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ name }) => name);
};

const settingsOf = ({ code, overrides }: Pipeline) =>
  [...HEAD.exec(code)![0].trim().split('\n'), ...Object.entries(overrides).map(([k, v]) => `override ${k} = ${v};`)]
    .filter(Boolean)
    .join(' ');

/**
 * Pipelines by label and body: a file each, named by the label and the parts that only some bodies of that label have.
 */
function snapshots(pipelines: readonly Pipeline[]): Map<string, string> {
  const bodies = new Map<string, Pipeline[]>();
  for (const pipeline of pipelines) {
    const key = `${pipeline.label}\n${pipeline.code.replace(HEAD, '')}`;
    bodies.set(key, [...(bodies.get(key) ?? []), pipeline]);
  }
  const groups = [...bodies.values()].map((own) => ({ own, label: own[0]!.label, parts: partsOf(own[0]!.code) }));
  const named = groups.map(({ own, label, parts }) => {
    const others = groups.filter((group) => group.label === label);
    const special = parts.filter((part) => !others.every((group) => group.parts.includes(part)));
    const head = [
      `// ${label}, from ${parts.map((part) => `${part}.wgsl`).join(', ')}`,
      ...own.map((pipeline) => `// pipeline: ${settingsOf(pipeline) || 'no settings'}`),
    ];
    const name = [label, ...special.map((part) => part.replace(/^.*\//, ''))].join('+');
    return [`${name}.wgsl`, `${head.join('\n')}\n\n${own[0]!.code.replace(HEAD, '')}`] as const;
  });
  if (new Set(named.map(([name]) => name)).size < named.length) throw new Error('two bodies have one name');
  return new Map(named);
}

/** naga has the functions of subgroups, but not yet the line that asks for them (gfx-rs/wgpu#5555). */
const NO_SUBGROUPS = 'the `subgroups` enable-extension is not yet supported';

const pipelines = await allPipelines();
const files = snapshots(pipelines);

// A change of a shader shows here for every pipeline that it reaches. `npm run wgsl` writes the files again.
describe('resolved WGSL', () => {
  it.each([...files])('%s is as recorded', async (name, text) => {
    await expect(text).toMatchFileSnapshot(`./test/wgsl/${name}`);
  });

  it('has every shader in some pipeline, and a file for each and no other', () => {
    const used = new Set(pipelines.flatMap(({ code }) => partsOf(code)));
    expect(shaders.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
    const recorded = Object.keys(import.meta.glob('./test/wgsl/*.wgsl')).map((path) =>
      path.replace('./test/wgsl/', ''),
    );
    expect(recorded.filter((name) => !files.has(name))).toEqual([]);
  });
});

// Firefox compiles with naga. What it does not know yet is listed here by the first line of what it says: when it
// learns it, this fails.
describe('naga', () => {
  const refusalOf = (code: string): string | undefined => {
    try {
      validate(parseWgsl(code));
    } catch (error) {
      if (!(error instanceof NagaError)) throw error;
      return error.message;
    }
  };

  it('refuses what is wrong', () => {
    expect(refusalOf('fn main() { let x: u32 = 1.0; }')).toContain('expected to be `u32`');
  });

  it.each([...new Set(pipelines.map(({ label }) => label))])('compiles every pipeline of %s', (label) => {
    for (const { code } of pipelines.filter((pipeline) => pipeline.label === label)) {
      const subgroups = code.startsWith('enable subgroups;');
      if (subgroups) expect(refusalOf(code)).toBe(NO_SUBGROUPS);
      expect(refusalOf(code.replace('enable subgroups;', ''))).toBeUndefined();
    }
  });
});
