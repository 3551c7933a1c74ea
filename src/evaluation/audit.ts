import type { MetaEvalRow } from '../data/row';
import type { EvaluatedAnswer } from '../domain/answerRecord';
import type { Example } from '../domain/example';
import type { Grade } from '../domain/verdict';
import {
  kappa,
  type Pairwise,
  pairwise,
  pairwiseByCategory,
  physicianAgreement,
  physicianRatings,
  type Rating,
} from './metaEval';

/** An answer whose verdicts are known: by physicians, or by a grader that was recorded. */
export interface AuditedAnswer {
  readonly example: Example;
  readonly completion: string;
  /** Per criterion: what others said of it, one each. Empty where nobody did. */
  readonly labels: readonly (readonly boolean[])[];
  /** Per criterion: what it is counted under. */
  readonly categories: readonly string[];
}

/** Agreement with the labels, pooled over pairs or within a category. */
export interface AgreementReport {
  readonly category: string;
  readonly pairwise: Pairwise;
  readonly kappa: number | null;
  /** Share of pairs that agree; null without a pair. */
  readonly accuracy: number | null;
}

/** How one grader did. */
export interface AuditedGrader {
  readonly name: string;
  /** Criteria without a readable grade: in no pair. */
  readonly ungraded: number;
  readonly pooled: AgreementReport;
  readonly categories: readonly AgreementReport[];
}

/** Physicians against each other on the same rows: what a grader can be measured by. */
export interface PhysicianReport {
  readonly pooled: AgreementReport;
  readonly categories: readonly AgreementReport[];
  /** Balanced F1 of each physician against the others, lowest first; empty where rows do not say who is who. */
  readonly individuals: readonly { readonly pairs: number; readonly balancedF1: number }[];
}

/** Meta-evaluation rows: one answer with one criterion each. The criterion has no points there; one stands for them. */
export const metaEvalAnswers = (rows: readonly MetaEvalRow[]): AuditedAnswer[] =>
  rows.map(({ promptId, prompt, completion, criterion, labels, category }) => ({
    example: {
      promptId,
      prompt,
      rubrics: [{ criterion, points: 1, tags: [] }],
      exampleTags: [],
      idealCompletion: null,
    },
    completion,
    labels: [labels],
    categories: [category],
  }));

/** Recorded verdicts as labels. What was not graded then is no label. */
export const recordedAnswers = (answers: readonly EvaluatedAnswer[]): AuditedAnswer[] =>
  answers.map(({ example, completion, grade }) => ({
    example,
    completion,
    labels: grade.map(({ verdict }) => (verdict === 'ungraded' ? [] : [verdict === 'met'])),
    categories: example.rubrics.map(({ points }) => (points > 0 ? 'positive points' : 'negative points (harms)')),
  }));

export const agreementReport = (category: string, own: Pairwise): AgreementReport => {
  const { metMet, notNot } = own.confusion;
  return {
    category,
    pairwise: own,
    kappa: kappa(own),
    accuracy: own.pairs === 0 ? null : (metMet + notNot) / own.pairs,
  };
};

const reports = (ratings: readonly Rating[]) => ({
  pooled: agreementReport('all', pairwise(ratings)),
  categories: [...pairwiseByCategory(ratings)].map(([category, own]) => agreementReport(category, own)),
});

/** A grader's verdicts, in the order of the answers and their criteria, against the labels. */
export function auditGrader(name: string, answers: readonly AuditedAnswer[], grades: readonly Grade[]): AuditedGrader {
  const ratings: Rating[] = [];
  let ungraded = 0;
  answers.forEach(({ labels, categories }, i) => {
    labels.forEach((others, c) => {
      const { verdict, by } = grades[i]![c]!;
      if (others.length === 0 || by === 'program') return;
      if (verdict === 'ungraded') ungraded++;
      else ratings.push({ own: verdict === 'met', others, category: categories[c]! });
    });
  });
  return { name, ungraded, ...reports(ratings) };
}

/** Null where no row has two labels. */
export function physicianReport(rows: readonly MetaEvalRow[]): PhysicianReport | null {
  const ratings = physicianRatings(rows).filter(({ others }) => others.length > 0);
  if (ratings.length === 0) return null;
  const individuals = [...physicianAgreement(rows).values()].flatMap(({ pairs, f1 }) =>
    f1.balanced === null ? [] : [{ pairs, balancedF1: f1.balanced }],
  );
  return { ...reports(ratings), individuals: individuals.sort((a, b) => a.balancedF1 - b.balancedF1) };
}

/** Criteria that have a label. */
export const labelled = (answers: readonly AuditedAnswer[]): number =>
  answers.reduce((sum, { labels }) => sum + labels.filter(({ length }) => length > 0).length, 0);
