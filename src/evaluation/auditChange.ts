import { groupBy } from '../domain/groupBy';
import { middle95 } from '../domain/statistics';
import type { Grade } from '../domain/verdict';
import { type AgreementReport, type AuditedAnswer, agreementReport } from './audit';
import { resamples } from './bootstrap';
import { type Pairwise, pairwise, pairwiseOf } from './metaEval';

type Counts = Pairwise['confusion'];

/** Two graders on the same criteria: those that both graded. */
export interface AuditChange {
  readonly criteria: number;
  readonly before: AgreementReport;
  readonly after: AgreementReport;
  /**
   * Of balanced F1, after − before, with the middle 95 % over 1,000 resamples of the prompts; null where either has no
   * F1.
   */
  readonly difference: number | null;
  readonly interval: readonly [number, number] | null;
  /** Pairs that agree with their label after and did not before, and the other way round. */
  readonly gained: number;
  readonly lost: number;
}

/** One criterion that both graded. */
interface Item {
  readonly promptId: string;
  readonly before: boolean;
  readonly after: boolean;
  readonly labels: readonly boolean[];
}

/**
 * The second grader against the first, in the order of the answers and their criteria. Null when they share no labelled
 * criterion.
 */
export function auditChange(
  answers: readonly AuditedAnswer[],
  before: readonly Grade[],
  after: readonly Grade[],
  seed: number,
): AuditChange | null {
  const items = answers.flatMap(({ example, labels }, i) =>
    labels.flatMap((others, c): Item[] => {
      const [old, now] = [before[i]![c]!.verdict, after[i]![c]!.verdict];
      if (others.length === 0 || old === 'ungraded' || now === 'ungraded') return [];
      return [{ promptId: example.promptId, before: old === 'met', after: now === 'met', labels: others }];
    }),
  );
  if (items.length === 0) return null;
  const [old, now] = [pairsOf(items, 'before'), pairsOf(items, 'after')];
  const changed = items.filter((item) => item.before !== item.after);
  const agreeing = (side: 'before' | 'after') =>
    changed.reduce((sum, item) => sum + item.labels.filter((label) => label === item[side]).length, 0);
  return {
    criteria: items.length,
    before: agreementReport('all', old),
    after: agreementReport('all', now),
    difference: difference(old, now),
    interval: spread(items, seed),
    gained: agreeing('after'),
    lost: agreeing('before'),
  };
}

const pairsOf = (items: readonly Item[], side: 'before' | 'after') =>
  pairwise(items.map((item) => ({ own: item[side], others: item.labels, category: '' })));

const difference = (before: Pairwise, after: Pairwise): number | null =>
  before.f1.balanced === null || after.f1.balanced === null ? null : after.f1.balanced - before.f1.balanced;

/** Resamples prompts, not pairs: what one prompt brings belongs together. Null where too few resamples have an F1. */
function spread(items: readonly Item[], seed: number): readonly [number, number] | null {
  const prompts = [...groupBy(items, ({ promptId }) => promptId).values()].map((own) => ({
    before: pairsOf(own, 'before').confusion,
    after: pairsOf(own, 'after').confusion,
  }));
  const found: number[] = [];
  let drawnTimes = 0;
  for (const drawn of resamples(prompts.length, seed)) {
    drawnTimes++;
    const sums = { before: none(), after: none() };
    for (const index of drawn) {
      add(sums.before, prompts[index]!.before);
      add(sums.after, prompts[index]!.after);
    }
    const value = difference(pairwiseOf(sums.before), pairwiseOf(sums.after));
    if (value !== null) found.push(value);
  }
  return found.length < 0.95 * drawnTimes ? null : middle95(found);
}

const none = () => ({ metMet: 0, metNot: 0, notMet: 0, notNot: 0 });

function add(sum: ReturnType<typeof none>, own: Counts): void {
  sum.metMet += own.metMet;
  sum.metNot += own.metNot;
  sum.notMet += own.notMet;
  sum.notNot += own.notNot;
}
