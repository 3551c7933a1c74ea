import { createWriteStream, type WriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KIND_NAMES } from '../../../data/fileKind';
import {
  hardRows,
  type PrepareOptions,
  type PreparePlan,
  planPrepare,
  preparedLines,
  type Side,
} from '../../../data/prepare';
import { DataError } from '../../../data/split';
import { filterSchema } from '../../../domain/filter';
import { chunksOf } from '../../../lab/data/openData';
import { command } from '../command';
import { DATA, HELD_OUT, MAP, OUT, SEED } from '../commonOptions';
import { mappingOf, sourceAt } from '../input';
import type { GivenOptions, Options } from '../option';
import { makeOut } from '../outFolder';
import { UsageError } from '../usage';

const OPTIONS = {
  data: { ...DATA, multiple: false, required: true },
  hard: {
    type: 'text',
    placeholder: 'file',
    help: 'The same kind of file with the hard examples, which are held out.',
  },
  out: OUT,
  map: MAP,
  theme: { type: 'text', placeholder: 'name', multiple: true, help: 'Keep examples of this theme.' },
  axis: { type: 'text', placeholder: 'name', multiple: true, help: 'Keep criteria of this axis.' },
  'min-points': { type: 'number', min: 0, whole: false, help: 'Keep criteria of at least so many points.' },
  'min-criteria': { type: 'number', min: 1, help: 'Keep examples with at least so many criteria.' },
  'max-characters': { type: 'number', min: 1, help: 'Keep conversations of at most so many characters.' },
  'held-out': { ...HELD_OUT, default: 0 },
  seed: { ...SEED, default: 1 },
} as const satisfies Options;

const LISTED = 20;

/** Names of the files; the method's own for the two sides of HealthBench. */
const FILES: Record<Side, string> = {
  easy: 'healthbench_easy.jsonl',
  easyHeldOut: 'healthbench_easy_heldout.jsonl',
  hard: 'healthbench_hard.jsonl',
};
const OTHER_FILES: Record<Side, string> = { easy: 'train.jsonl', easyHeldOut: 'heldout.jsonl', hard: 'hard.jsonl' };

/** Splits and filters a file, reading it twice instead of holding it. */
export const prepare = command({
  about:
    'Writes healthbench_easy.jsonl (rows whose prompt_id is not in --hard), healthbench_hard.jsonl and report.json, in the ' +
    'layout of the published method. Refuses rows that would be trained and tested on.',
  options: OPTIONS,
  run,
});

async function run(given: GivenOptions<typeof OPTIONS>): Promise<number> {
  const mapping = mappingOf(given.map);
  const options: PrepareOptions = {
    mapping,
    heldOutShare: given['held-out'],
    seed: given.seed,
    filter: filterSchema.parse({
      themes: given.theme,
      axes: given.axis,
      minPoints: given['min-points'],
      minCriteria: given['min-criteria'],
      maxCharacters: given['max-characters'],
    }),
  };
  const source = await sourceAt(given.data);
  const hardSource = given.hard === undefined ? null : await sourceAt(given.hard);
  const hard = hardSource && (await hardRows(hardSource.name, chunksOf(hardSource), mapping));
  const plan = await planPrepare(source.name, chunksOf(source), hard, options);
  if (plan.kind === 'metaEval')
    throw new DataError(
      `${source.name} is a HealthBench meta-evaluation file: it has judged answers and no rubrics. Use it with: audit --meta`,
    );
  if (plan.sideOfLine.size === 0) {
    if (plan.filtered.size > 0) throw new UsageError(`the filters leave no row of ${source.name}`);
    const [first] = plan.problems;
    throw new DataError(`${source.name} has no usable row${first ? `; line ${first.line}: ${first.reason}` : ''}`);
  }
  const healthBench = plan.kind !== 'rubric';
  const names = healthBench ? FILES : OTHER_FILES;
  const made = await write(given.out, names, plan, () => preparedLines(chunksOf(source), plan, options));
  writeFileSync(join(given.out, 'report.json'), `${JSON.stringify(reportOf(source.name, plan, made), null, 2)}\n`);
  say(source.name, plan, made);
  return 0;
}

async function write(
  folder: string,
  names: Record<Side, string>,
  { counts }: PreparePlan,
  lines: () => AsyncGenerator<{ side: Side; line: string }>,
): Promise<[name: string, rows: number][]> {
  makeOut(folder);
  const used = (Object.keys(counts) as Side[]).filter((side) => counts[side] > 0);
  const streams = new Map<Side, WriteStream>(used.map((side) => [side, createWriteStream(join(folder, names[side]))]));
  const failed = new Promise<never>((_, reject) => {
    for (const stream of streams.values()) stream.on('error', reject);
  });
  failed.catch(() => {}); // also when nobody waits for it
  for await (const { side, line } of lines()) {
    const stream = streams.get(side)!;
    if (!stream.write(line))
      await Promise.race([new Promise<void>((resolve) => stream.once('drain', resolve)), failed]);
  }
  const ended = [...streams.values()].map((stream) => new Promise<void>((resolve) => stream.end(() => resolve())));
  await Promise.race([Promise.all(ended), failed]);
  return used.map((side) => [names[side], counts[side]]);
}

const reportOf = (name: string, plan: PreparePlan, made: [string, number][]) => ({
  file: name,
  kind: KIND_NAMES[plan.kind],
  rows: plan.rows,
  written: Object.fromEntries(made),
  themes: plan.themes,
  filtered: Object.fromEntries(plan.filtered),
  hardRowsNotInFile: plan.missingHard,
  problems: plan.problems,
});

function say(name: string, plan: PreparePlan, made: [string, number][]): void {
  const out = (line: string) => process.stdout.write(`${line}\n`);
  out(`${name}: ${KIND_NAMES[plan.kind]}, ${plan.rows} rows`);
  for (const [file, rows] of made) out(`  ${file}: ${rows} rows`);
  for (const [reason, rows] of plan.filtered) out(`  left out by the filters: ${rows} rows (${reason})`);
  if (plan.missingHard > 0) out(`  ${plan.missingHard} rows of the hard file are not in ${name}`);
  for (const { line, reason } of plan.problems.slice(0, LISTED))
    process.stderr.write(`${name} line ${line}: ${reason}\n`);
  if (plan.problems.length > 0)
    process.stderr.write(`${plan.problems.length} bad rows left out; report.json lists them\n`);
}
