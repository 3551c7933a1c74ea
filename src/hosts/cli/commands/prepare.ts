import { hardRows, type PrepareOptions, type PreparePlan, planPrepare, preparedLines } from '../../../data/prepare';
import { DataError } from '../../../data/split';
import { filterSchema } from '../../../domain/filter';
import type { ByteSource } from '../../../formats/source';
import { chunksOf } from '../../../lab/data/openData';
import { command } from '../command';
import { DATA, HELD_OUT, MAP, OUT, SEED } from '../commonOptions';
import { mappingOf } from '../input/dataAt';
import { sourceAt } from '../input/files';
import type { GivenOptions, Options } from '../option';
import { writePrepared } from '../output/preparedFiles';
import { printPrepared } from '../print/printPrepared';
import { UsageError } from '../usage';

const OPTIONS = {
  data: { ...DATA, multiple: false, required: true },
  hard: {
    type: 'text',
    placeholder: 'file',
    help: 'Rubric file of the same kind with the hard examples, which are held out.',
  },
  out: OUT,
  map: MAP,
  theme: { type: 'text', placeholder: 'name', multiple: true, help: 'Keep examples of this theme.' },
  axis: { type: 'text', placeholder: 'name', multiple: true, help: 'Keep criteria of this axis.' },
  'min-points': { type: 'number', min: 0, whole: false, help: 'Keep criteria with at least this many points.' },
  'min-criteria': { type: 'number', min: 1, help: 'Keep examples with at least this many criteria.' },
  'max-characters': { type: 'number', min: 1, help: 'Keep conversations with at most this many characters.' },
  'held-out': { ...HELD_OUT, default: 0 },
  seed: { ...SEED, default: 1 },
} as const satisfies Options;

/** Filters and splits a file. Reads it twice instead of holding it in memory. */
export const prepare = command({
  about:
    'Writes healthbench_easy.jsonl (rows whose prompt_id is not in --hard), healthbench_hard.jsonl and report.json, in the ' +
    'layout of the published method. Leaves out rows that would be both trained on and held out.',
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
  checkUsable(source, plan);
  const lines = preparedLines(chunksOf(source), plan, options);
  const written = await writePrepared(given.out, source.name, plan, lines);
  printPrepared(source.name, plan, written);
  return 0;
}

/** Throws when no row would be written. */
function checkUsable({ name }: ByteSource, { kind, sideOfLine, filtered, problems }: PreparePlan): void {
  if (kind === 'metaEval')
    throw new DataError(
      `${name} is a HealthBench meta-evaluation file: it has graded answers and no rubrics. Use it with audit --meta.`,
    );
  if (sideOfLine.size > 0) return;
  if (filtered.size > 0) throw new UsageError(`the filters remove every row of ${name}`);
  const [first] = problems;
  throw new DataError(`${name} has no usable row${first ? `; line ${first.line}: ${first.reason}` : ''}`);
}
