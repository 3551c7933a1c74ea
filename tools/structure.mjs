// npm run structure: source files of each folder of src, their lengths, and whether the folders keep their order.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Tests and what only tests use are left out. */
const sources = execFileSync('git', ['ls-files', 'src', 'shaders'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => /\.(tsx?|wgsl)$/.test(file) && !/\.test\.|\/(test|fixtures)\//.test(file));

const lines = sources
  .map((file) => ({ file, count: readFileSync(file, 'utf8').split('\n').length - 1 }))
  .sort((a, b) => a.count - b.count);
const at = (share) => lines[Math.floor(share * (lines.length - 1))].count;
const folders = new Map();
for (const { file } of lines) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);

for (const [folder, count] of [...folders].sort()) console.log(`${String(count).padStart(4)}  ${folder}`);
const longest = lines.at(-1);
console.log(`\n${lines.length} files in ${folders.size} folders, at most ${Math.max(...folders.values())} in one`);
console.log(`lines: median ${at(0.5)}, 90 % ${at(0.9)} or fewer, most ${longest.count} (${longest.file})`);
