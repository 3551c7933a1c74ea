import { groupBy } from '../domain/groupBy';

/** One rater's label of one answer, and the labels that it is compared with. */
export interface Rating {
  readonly own: boolean;
  readonly others: readonly boolean[];
  readonly category: string;
}

/**
 * Agreement over (own label, other label) pairs. Null where simple-evals has no value: a class that one side never
 * names.
 */
export interface Pairwise {
  readonly pairs: number;
  /** Own label first: how often met was answered by met, met by not met, and so on. */
  readonly confusion: {
    readonly metMet: number;
    readonly metNot: number;
    readonly notMet: number;
    readonly notNot: number;
  };
  readonly precision: ByClass;
  readonly recall: ByClass;
  readonly f1: ByClass;
}

/** For the labels met and not met, and the mean of both. */
interface ByClass {
  readonly met: number | null;
  readonly notMet: number | null;
  readonly balanced: number | null;
}

/** Pooled pairs; `f1.balanced` is pairwise_model_f1_balanced (simple-evals healthbench_meta_eval.py). */
export function pairwise(ratings: Iterable<Rating>): Pairwise {
  const confusion = { metMet: 0, metNot: 0, notMet: 0, notNot: 0 };
  for (const { own, others } of ratings) {
    for (const other of others) confusion[own ? (other ? 'metMet' : 'metNot') : other ? 'notMet' : 'notNot']++;
  }
  return pairwiseOf(confusion);
}

/** The same from counts that are there already. */
export function pairwiseOf(confusion: Pairwise['confusion']): Pairwise {
  const { metMet, metNot, notMet, notNot } = confusion;
  const precision = byClass(share(metMet, metMet + metNot), share(notNot, notNot + notMet));
  const recall = byClass(share(metMet, metMet + notMet), share(notNot, notNot + metNot));
  const f1 = byClass(harmonic(precision.met, recall.met), harmonic(precision.notMet, recall.notMet));
  return { pairs: metMet + metNot + notMet + notNot, confusion, precision, recall, f1 };
}

const share = (hits: number, of: number): number | null => (of === 0 ? null : hits / of);

const byClass = (met: number | null, notMet: number | null): ByClass => ({
  met,
  notMet,
  balanced: met === null || notMet === null ? null : (met + notMet) / 2,
});

function harmonic(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return null;
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}

/** The same per category, in alphabetical order. */
export function pairwiseByCategory(ratings: readonly Rating[]): ReadonlyMap<string, Pairwise> {
  const groups = groupBy(ratings, ({ category }) => category);
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, own]) => [name, pairwise(own)]));
}

/** Every physician's label against those of the others on the same row: what a grader can be measured by. */
export const physicianRatings = (
  rows: readonly { readonly labels: readonly boolean[]; readonly category: string }[],
): Rating[] =>
  rows.flatMap(({ labels, category }) =>
    labels.map((own, i) => ({ own, others: [...labels.slice(0, i), ...labels.slice(i + 1)], category })),
  );

/** Agreement of each physician with the others, where the rows say who gave which label. */
export function physicianAgreement(
  rows: readonly {
    readonly labels: readonly boolean[];
    readonly category: string;
    readonly physicians: readonly string[] | null;
  }[],
): ReadonlyMap<string, Pairwise> {
  const named = rows.flatMap((row) => {
    const ratings = physicianRatings([row]);
    return (row.physicians ?? []).map((id, i) => ({ id, rating: ratings[i]! }));
  });
  const groups = groupBy(named, ({ id }) => id);
  return new Map([...groups].map(([id, own]) => [id, pairwise(own.map(({ rating }) => rating))]));
}

/**
 * Cohen's kappa: agreement beyond what both raters' shares of met would give by chance. Null when chance alone gives
 * all.
 */
export function kappa({ confusion, pairs }: Pick<Pairwise, 'confusion' | 'pairs'>): number | null {
  const { metMet, metNot, notMet, notNot } = confusion;
  const [own, other] = [(metMet + metNot) / pairs, (metMet + notMet) / pairs];
  const chance = own * other + (1 - own) * (1 - other);
  return pairs === 0 || chance === 1 ? null : ((metMet + notNot) / pairs - chance) / (1 - chance);
}
