import { CHIPS, type ChipName } from './chips';
import type { ChipFigures, Figures } from './figures';

const COLUMNS: readonly (readonly [heading: string, width: number, cell: (figures: Figures) => string | number])[] = [
  ['width', 5, ({ width }) => width],
  ['regs', 4, ({ registers }) => registers ?? '-'],
  ['spill', 5, ({ spilled }) => spilled],
  ['waves', 5, ({ waves }) => waves ?? '-'],
  ['LDS', 6, ({ ldsBytes }) => ldsBytes],
  ['code', 6, ({ codeBytes }) => codeBytes],
  ['fma', 6, ({ multiplyAdds }) => multiplyAdds],
  ['fma/valu', 8, ({ perArithmetic }) => perArithmetic.toFixed(2)],
  ['fma/instr', 9, ({ perInstruction }) => perInstruction.toFixed(2)],
  ['ldsB/fma', 8, ({ ldsPerFma }) => ldsPerFma.toFixed(2)],
  ['memB/fma', 8, ({ memoryPerFma }) => memoryPerFma.toFixed(2)],
];

/** A line per pipeline, sorted by name. */
export function table(chip: ChipName, driver: string, pipelines: ChipFigures): string {
  const entries = Object.entries(pipelines).sort(([a], [b]) => (a < b ? -1 : 1));
  const wide = Math.max(...entries.map(([name]) => name.length));
  const about = CHIPS[chip];
  const most = about.vendor === 'amd' ? `, at most ${about.mostWaves} waves` : '';
  const row = (name: string, cells: readonly (string | number)[]) =>
    [name.padEnd(wide), ...cells.map((cell, i) => String(cell).padStart(COLUMNS[i]![1]))].join(' ');
  return [
    `${chip} (${driver}${most}): ${entries.length} pipelines`,
    row(
      '',
      COLUMNS.map(([heading]) => heading),
    ),
    ...entries.map(([name, figures]) =>
      row(
        name,
        COLUMNS.map(([, , cell]) => cell(figures)),
      ),
    ),
  ].join('\n');
}
