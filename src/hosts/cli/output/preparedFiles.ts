import { createWriteStream, type WriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KIND_NAMES } from '../../../data/fileKind';
import type { PreparePlan, Side } from '../../../data/prepare';
import { makeOwnOut } from './outFolder';

/** Names of the published method. */
const HEALTHBENCH_NAMES: Record<Side, string> = {
  easy: 'healthbench_easy.jsonl',
  easyHeldOut: 'healthbench_easy_heldout.jsonl',
  hard: 'healthbench_hard.jsonl',
};
const OTHER_NAMES: Record<Side, string> = { easy: 'train.jsonl', easyHeldOut: 'heldout.jsonl', hard: 'hard.jsonl' };

export type WrittenFile = readonly [name: string, rows: number];

/** Writes the parts of a prepared file and report.json. */
export async function writePrepared(
  folder: string,
  name: string,
  plan: PreparePlan,
  lines: AsyncIterable<{ readonly side: Side; readonly line: string }>,
): Promise<WrittenFile[]> {
  makeOwnOut(folder, ['report.json', ...Object.values(HEALTHBENCH_NAMES), ...Object.values(OTHER_NAMES)]);
  const { counts, kind, rows, themes, filtered, missingHard, problems } = plan;
  const names = kind === 'rubric' ? OTHER_NAMES : HEALTHBENCH_NAMES;
  const used = (Object.keys(counts) as Side[]).filter((side) => counts[side] > 0);
  await writeLines(new Map(used.map((side) => [side, createWriteStream(join(folder, names[side]))])), lines);
  const written = used.map((side): WrittenFile => [names[side], counts[side]]);
  const report = {
    file: name,
    kind: KIND_NAMES[kind],
    rows,
    written: Object.fromEntries(written),
    themes,
    filtered: Object.fromEntries(filtered),
    hardRowsNotInFile: missingHard,
    problems,
  };
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  return written;
}

/** Rejects when a stream fails. */
async function writeLines(
  streams: ReadonlyMap<Side, WriteStream>,
  lines: AsyncIterable<{ readonly side: Side; readonly line: string }>,
): Promise<void> {
  const failed = new Promise<never>((_, reject) => {
    for (const stream of streams.values()) stream.on('error', reject);
  });
  failed.catch(() => {}); // no unhandled rejection while nothing awaits it
  for await (const { side, line } of lines) {
    const stream = streams.get(side)!;
    if (!stream.write(line))
      await Promise.race([new Promise<void>((resolve) => stream.once('drain', resolve)), failed]);
  }
  const ended = [...streams.values()].map((stream) => new Promise<void>((resolve) => stream.end(() => resolve())));
  await Promise.race([Promise.all(ended), failed]);
}
