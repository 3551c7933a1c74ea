/** Writes the sample of the synthetic world: `vite-node tools/tiny/sample.ts`. */
import { writeFileSync } from 'node:fs';
import { sampleRow, sampleSituations } from './rows';

const { train, heldOut } = sampleSituations();
for (const [name, situations] of [
  ['triage', train],
  ['triage-heldout', heldOut],
] as const) {
  const lines = situations.map((situation) => `${JSON.stringify(sampleRow(situation))}\n`);
  writeFileSync(`public/sample/${name}.jsonl`, lines.join(''));
}
