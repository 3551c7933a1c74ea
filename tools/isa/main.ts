// What the compilers of graphics cards that are not here make of the engine's pipelines, and whether that is worse than
// bench/isa.json.
//   npm run isa -- [--chips navi31,dg2] [--accept NAME …] [--update]
// --accept: record everything, with the losses of the pipelines whose names begin with NAME.
// --update: record all but losses. Exit code 1: a loss that nobody accepted; 77: nothing was compared.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Baseline, baselineSchema, compare, isAccepted, printBaseline } from './baseline';
import { CHIPS, type ChipName, isChip } from './chips';
import { driverOutput, missingFor } from './driver';
import { type ChipFigures, figuresOf } from './figures';
import { table } from './table';

const SKIPPED = 77; // as automake has it
const PATH = fileURLToPath(new URL('../../bench/isa.json', import.meta.url));
const print = (line: string) => process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    chips: { type: 'string' },
    accept: { type: 'string', multiple: true, default: [] },
    update: { type: 'boolean', default: false },
  },
});
const asked = values.chips?.split(',') ?? Object.keys(CHIPS);
const unknown = asked.filter((name) => !isChip(name));
if (unknown.length > 0)
  throw new Error(`No chip is named ${unknown.join(', ')}. Chips: ${Object.keys(CHIPS).join(', ')}`);

const baseline: Baseline = existsSync(PATH) ? baselineSchema.parse(JSON.parse(readFileSync(PATH, 'utf8'))) : {};
const present = asked.filter(isChip).filter((chip) => {
  const missing = missingFor(chip);
  if (missing) print(`${chip}: not compiled, ${missing}.`);
  return !missing;
});

const results = new Map<ChipName, { driver: string; pipelines: ChipFigures }>();
const waiting = [...present];
async function worker() {
  for (let chip = waiting.shift(); chip; chip = waiting.shift()) {
    results.set(chip, figuresOf(chip, await driverOutput(chip)));
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, worker));

let failed = 0;
let compared = 0;
const recorded: Baseline = { ...baseline };
for (const chip of present) {
  const { driver, pipelines } = results.get(chip)!;
  print(`\n${table(chip, driver, pipelines)}`);
  const before = baseline[chip];
  if (before && before.driver !== driver && !values.update) {
    print(`${chip}: not compared, the baseline is of ${before.driver}.`);
    continue;
  }
  compared++;
  const findings = before?.driver === driver ? compare(before.pipelines, pipelines) : [];
  const rejected = findings.filter((finding) => finding.fails && !isAccepted(finding, values.accept));
  for (const { pipeline, what, fails } of findings) print(`${fails ? 'LOSS ' : 'note '} ${chip} ${pipeline}: ${what}`);
  failed += rejected.length;
  const kept = new Set(rejected.map(({ pipeline }) => pipeline));
  const merged = Object.entries(pipelines).flatMap(([name, figures]) => {
    if (!kept.has(name)) return [[name, figures] as const];
    const old = before?.pipelines[name];
    return old ? [[name, old] as const] : [];
  });
  recorded[chip] = { driver, pipelines: Object.fromEntries(merged) };
}
if (values.update || values.accept.length > 0) {
  writeFileSync(PATH, printBaseline(recorded));
  print(`\nWrote ${PATH}.`);
}
print(`\n${compared} chips compared, ${failed} losses.`);
if (failed > 0) print('Fix them, or record them: npm run isa -- --accept NAME');
process.exit(failed > 0 ? 1 : compared === 0 ? SKIPPED : 0);
