import { readdirSync, readFileSync } from 'node:fs';
import { mean, standardError } from '../../../src/domain/statistics';

/** What experiment.ts writes of one arm and seed. */
export interface Result {
  readonly arm: string;
  readonly title: string;
  readonly seed: number;
  readonly change: { readonly mean: number; readonly standardError: number };
  readonly heldOut: readonly Point[];
  readonly curve: readonly { readonly step: number; readonly reward: number; readonly trueReward: number }[];
}

export interface Point {
  readonly step: number;
  readonly mean: number;
  readonly standardError: number;
  readonly meanTokens: number;
  readonly cutOff: number;
  readonly graded: Readonly<Record<'self' | 'frozen', { score: number; standardError: number; right: number }>>;
}

export const RESULTS = 'docs/experiments';

/**
 * By arm, seeds together, in the order of the files' names. `learning`: the demo recipe; `arm`: the comparison of
 * graders.
 */
export function loadResults(kind: 'learning' | 'arm', folder = RESULTS): Map<string, Result[]> {
  const arms = new Map<string, Result[]>();
  for (const name of readdirSync(folder).sort()) {
    if (!name.startsWith(`${kind}-`) || !name.endsWith('.json')) continue;
    const result: Result = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));
    arms.set(result.arm, [...(arms.get(result.arm) ?? []), result]);
  }
  return arms;
}

/** Mean over seeds, and the half width of its 95 % interval (Student's t). */
export function overSeeds(values: readonly number[]): { mean: number; half: number } {
  return { mean: mean(values), half: (T_95[values.length - 1] ?? 2) * standardError(values) };
}

/** Two-sided 95 % quantile of Student's t by degrees of freedom. */
const T_95: Readonly<Record<number, number>> = { 1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776 };
