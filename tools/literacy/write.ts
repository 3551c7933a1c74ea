/**
 * Writes the health-literacy prompts whose criteria are checked by program: `vite-node --script tools/literacy/write.ts`.
 * The same files every time.
 */
import { writeFileSync } from 'node:fs';
import { heldOutRows, trainingRows } from './prompts';

const FOLDER = 'tools/literacy';
for (const [name, rows] of [
  ['literacy.jsonl', trainingRows()],
  ['literacy-heldout.jsonl', heldOutRows()],
] as const) {
  writeFileSync(`${FOLDER}/${name}`, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  console.log(`${FOLDER}/${name}: ${rows.length} prompts`);
}
