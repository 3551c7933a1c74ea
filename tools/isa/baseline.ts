import { z } from 'zod';
import type { ChipFigures, Figures } from './figures';

const figuresSchema = z.object({
  width: z.number(),
  registers: z.number().nullable(),
  spilled: z.number(),
  waves: z.number().nullable(),
  ldsBytes: z.number(),
  codeBytes: z.number(),
  multiplyAdds: z.number(),
  perArithmetic: z.number(),
  perInstruction: z.number(),
  ldsPerFma: z.number(),
  memoryPerFma: z.number(),
}) satisfies z.ZodType<Figures>;

/** bench/isa.json: by chip, the driver that compiled and its figures. */
export const baselineSchema = z.record(
  z.string(),
  z.object({ driver: z.string(), pipelines: z.record(z.string(), figuresSchema) }),
);
export type Baseline = z.infer<typeof baselineSchema>;

export interface Finding {
  readonly pipeline: string;
  readonly what: string;
  /** False: better than the baseline, new, or no longer there. Said, but no failure. */
  readonly fails: boolean;
}

/** Losses up to this share of the baseline pass. */
const TOLERANCE = 0.1;
/** In a loop with fewer multiply-adds their share says nothing. */
const ENOUGH = 16;

/** What a chip's pipelines lost or gained. One that the baseline lacks must not spill. */
export function compare(before: ChipFigures, now: ChipFigures): Finding[] {
  const findings = Object.entries(now).flatMap(([pipeline, figures]) => {
    const old = before[pipeline];
    if (!old && figures.spilled === 0) return [{ pipeline, what: 'new', fails: false }];
    const whats = old ? losses(old, figures) : [`new, and spills ${figures.spilled}`];
    const gains = old && whats.length === 0 ? gainsOf(old, figures) : [];
    return [
      ...whats.map((what) => ({ pipeline, what, fails: true })),
      ...gains.map((what) => ({ pipeline, what, fails: false })),
    ];
  });
  const gone = Object.keys(before).filter((pipeline) => !(pipeline in now));
  return [...findings, ...gone.map((pipeline) => ({ pipeline, what: 'no longer compiled', fails: false }))];
}

function losses(old: Figures, now: Figures): string[] {
  const lost: string[] = [];
  if (now.spilled > old.spilled) lost.push(`spills ${old.spilled} → ${now.spilled}`);
  if (isLess(now.waves, old.waves)) lost.push(`waves ${old.waves} → ${now.waves}`);
  if (old.multiplyAdds >= ENOUGH && isLess(now.perInstruction, old.perInstruction))
    lost.push(`multiply-adds per instruction ${old.perInstruction} → ${now.perInstruction}`);
  return lost;
}

function gainsOf(old: Figures, now: Figures): string[] {
  const gained: string[] = [];
  if (now.spilled < old.spilled) gained.push(`spills ${old.spilled} → ${now.spilled}`);
  if (isLess(old.waves, now.waves)) gained.push(`waves ${old.waves} → ${now.waves}`);
  if (now.multiplyAdds >= ENOUGH && isLess(old.perInstruction, now.perInstruction))
    gained.push(`multiply-adds per instruction ${old.perInstruction} → ${now.perInstruction}`);
  return gained;
}

const isLess = (a: number | null, b: number | null) => a !== null && b !== null && a < b * (1 - TOLERANCE);

/** `accepted` names pipelines by the beginning of their name. */
export const isAccepted = ({ pipeline }: Finding, accepted: readonly string[]): boolean =>
  accepted.some((name) => pipeline.startsWith(name));

/** One line per pipeline and chip, so that a change of one shows as one line. */
export function printBaseline(baseline: Baseline): string {
  const chips = Object.entries(baseline).map(([chip, { driver, pipelines }]) => {
    const lines = Object.entries(pipelines)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, figures]) => `      ${JSON.stringify(name)}: ${JSON.stringify(figures)}`);
    return `  ${JSON.stringify(chip)}: {\n    "driver": ${JSON.stringify(driver)},\n    "pipelines": {\n${lines.join(',\n')}\n    }\n  }`;
  });
  return `{\n${chips.join(',\n')}\n}\n`;
}
