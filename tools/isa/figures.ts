import { readAmd } from './amd';
import { CHIPS, type ChipName } from './chips';
import { readIntel } from './intel';
import { hottest } from './loops';

/** What is kept of a pipeline on a chip. Those of a loop are of the one with the most multiply-adds. */
export interface Figures {
  /** Lanes of a wave, or of Intel's SIMD width. */
  readonly width: number;
  /** Vector registers of a lane; Intel always has 128 for a thread. */
  readonly registers: number | null;
  readonly spilled: number;
  /** Waves that a SIMD can hold; not known for Intel. */
  readonly waves: number | null;
  readonly ldsBytes: number;
  readonly codeBytes: number;
  /** Multiply-adds of a lane in one round. */
  readonly multiplyAdds: number;
  /** Share of arithmetic, and of all instructions, that multiplies and adds. */
  readonly perArithmetic: number;
  readonly perInstruction: number;
  /** Bytes from workgroup memory, and from other memory, per multiply-add. */
  readonly ldsPerFma: number;
  readonly memoryPerFma: number;
}

/** By pipeline, in the order in which they were compiled. */
export type ChipFigures = Readonly<Record<string, Figures>>;

const hundredths = (value: number) => (Number.isFinite(value) ? Math.round(100 * value) / 100 : 0);

/** Reads what compile.ts and the driver wrote. Throws where a pipeline is without a listing. */
export function figuresOf(chip: ChipName, output: string): { driver: string; pipelines: ChipFigures } {
  const driver = /^## (.*)$/m.exec(output)?.[1] ?? '';
  const sections = `\n${output}`.split('\n@@ ').slice(1, -1); // the last is the end
  const pipelines: Record<string, Figures> = {};
  const about = CHIPS[chip];
  for (const section of sections) {
    const name = /^.*/.exec(section)![0].trim();
    const code = about.vendor === 'intel' ? readIntel(section, about.registerBytes) : readAmd(section);
    if (!code) throw new Error(`${chip}: the driver printed nothing about ${name}`);
    const loop = hottest(code);
    const per = (count: number | undefined, of: number | undefined) => hundredths((count ?? 0) / (of ?? 0));
    pipelines[name] = {
      width: code.width,
      registers: code.registers,
      spilled: code.spilled,
      waves: code.waves,
      ldsBytes: code.ldsBytes,
      codeBytes: code.codeBytes,
      multiplyAdds: hundredths(loop?.multiplyAdds ?? 0),
      perArithmetic: per(loop?.multiplyAdds, loop?.valu),
      perInstruction: per(loop?.multiplyAdds, loop?.instructions),
      ldsPerFma: per(loop?.ldsBytes, loop?.multiplyAdds),
      memoryPerFma: per(loop?.memoryBytes, loop?.multiplyAdds),
    };
  }
  if (sections.length === 0) throw new Error(`${chip}: no pipeline was compiled\n${output.slice(-1500)}`);
  return { driver, pipelines };
}
