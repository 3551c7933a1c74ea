import type { Gpu } from '../src/gpu/gpu';
import { attentionSection } from './attention.bench';
import { counts } from './counts.bench';
import { decode } from './decode.bench';
import { gemmSection } from './gemm.bench';
import { benchGpu } from './measure';
import { memory } from './memory.bench';
import { prefill } from './prefill.bench';
import { step } from './step.bench';
import { tune } from './tune.bench';

type Print = (line: string) => void;
type Section = (gpu: Gpu, print: Print) => Promise<void>;

// In the order that they are printed. `npm run bench -- decode step` runs some of them.
const SECTIONS: Readonly<Record<string, Section>> = {
  gemm: gemmSection,
  attention: attentionSection,
  tune,
  decode,
  prefill,
  step,
  memory,
};

/** Figures that need no adapter: they come first, and alone they open none. */
const COUNTED: Readonly<Record<string, (print: Print) => Promise<void>>> = { counts };

const requested = process.argv.slice(2);
const names = [...Object.keys(COUNTED), ...Object.keys(SECTIONS)];
const unknown = requested.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no such section: ${unknown.join(', ')}; there are ${names.join(', ')}\n`);
  process.exit(2);
}
const wanted = (name: string) => requested.length === 0 || requested.includes(name);
const print: Print = (line) => process.stdout.write(`${line}\n`);
for (const [name, section] of Object.entries(COUNTED)) {
  if (!wanted(name)) continue;
  print(name);
  await section(print);
}
if (requested.length > 0 && requested.every((name) => name in COUNTED)) process.exit(0);
const gpu = await benchGpu();
print(`${gpu.facts.description}${gpu.facts.software ? ' (software)' : ''}`);
for (const [name, section] of Object.entries(SECTIONS)) {
  if (!wanted(name)) continue;
  print(`\n${name}`);
  await section(gpu, print);
}
process.exit(0); // Dawn keeps the process alive
