import type { Gpu } from '../src/gpu/gpu';
import { attentionSection } from './attention.bench';
import { decode } from './decode.bench';
import { gemmSection } from './gemm.bench';
import { benchGpu } from './measure';
import { memory } from './memory.bench';
import { prefill } from './prefill.bench';
import { step } from './step.bench';
import { tune } from './tune.bench';

type Section = (gpu: Gpu, print: (line: string) => void) => Promise<void>;

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

const requested = process.argv.slice(2);
const unknown = requested.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
  process.stderr.write(`no such section: ${unknown.join(', ')}; there are ${Object.keys(SECTIONS).join(', ')}\n`);
  process.exit(2);
}
const gpu = await benchGpu();
const print = (line: string) => process.stdout.write(`${line}\n`);
print(`${gpu.facts.description}${gpu.facts.software ? ' (software)' : ''}`);
for (const [name, section] of Object.entries(SECTIONS)) {
  if (requested.length > 0 && !requested.includes(name)) continue;
  print(`\n${name}`);
  await section(gpu, print);
}
process.exit(0); // Dawn keeps the process alive
