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
import { mappingOf, sourceAt } from '../input';
import { makeOut } from '../outFolder';
import { numberOption, parseOptions, UsageError } from '../usage';

const OPTIONS = {
  data: { type: 'string' },
  hard: { type: 'string' },
  out: { type: 'string' },
  map: { type: 'string' },
  theme: { type: 'string', multiple: true },
  axis: { type: 'string', multiple: true },
  'min-points': { type: 'string' },
  'min-criteria': { type: 'string' },
  'max-characters': { type: 'string' },
  'held-out': { type: 'string' },
  seed: { type: 'string' },
} as const;

const LISTED = 20;

/** Names of the files; the method's own for the two sides of HealthBench. */
const FILES: Record<Side, string> = {
  easy: 'healthbench_easy.jsonl',
  easyHeldOut: 'healthbench_easy_heldout.jsonl',
  hard: 'healthbench_hard.jsonl',
};
const OTHER_FILES: Record<Side, string> = { easy: 'train.jsonl', easyHeldOut: 'heldout.jsonl', hard: 'hard.jsonl' };

/** Splits and filters a file, reading it twice instead of holding it. */
export async function prepare(args: readonly string[]): Promise<number> {
  const given = parseOptions(args, OPTIONS, ['data', 'out']);
  const mapping = mappingOf(given.map);
  const options: PrepareOptions = {
    mapping,
    heldOutShare: numberOption('held-out', given['held-out'], { min: 0, max: 0.9, whole: false }) ?? 0,
    seed: numberOption('seed', given.seed, { min: 0, max: 0xffffffff }) ?? 1,
    filter: filterSchema.parse({
      themes: given.theme,
      axes: given.axis,
      minPoints: numberOption('min-points', given['min-points'], { min: 0, whole: false }),
      minCriteria: numberOption('min-criteria', given['min-criteria'], { min: 1 }),
      maxCharacters: numberOption('max-characters', given['max-characters'], { min: 1 }),
    }),
  };
  const source = await sourceAt(given.data!);
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
  const made = await write(given.out!, names, plan, () => preparedLines(chunksOf(source), plan, options));
  writeFileSync(join(given.out!, 'report.json'), `${JSON.stringify(reportOf(source.name, plan, made), null, 2)}\n`);
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
