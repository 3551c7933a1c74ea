import { trueReward, trueVerdict } from '../data/truth';
import type { EvaluatedAnswer, GradedAnswer } from '../domain/answerRecord';
import { groupBy } from '../domain/groupBy';
import { mean, meanOrNull, median, quantile } from '../domain/statistics';
import { visibleAnswer } from '../domain/visibleAnswer';
import { flips, type Harm, harms, type MetRate, meanLength, type Paired, paired, worstAtK } from './evaluation';
import { healthBenchScores, type Score } from './scores';

/** What was evaluated, how and by whom, in words for people. */
export interface EvaluationAbout {
  /** What answered. */
  readonly model: string;
  /**
   * ModelReport.id of the weights that it has, or that its run started from. Absent for recorded answers, and in old
   * evaluations.
   */
  readonly modelId?: string;
  /** Who graded: stands beside every number. */
  readonly grader: string;
  readonly data: string;
  /** Answers per prompt asked for. */
  readonly answers: number;
  /** Null for recorded answers. */
  readonly sampling: { readonly temperature: number; readonly maxNewTokens: number } | null;
  readonly seed: number;
  /** ISO date. */
  readonly madeAt: string;
}

export type TagKind = 'theme' | 'category' | 'axis' | 'level' | 'cluster' | 'other';

/** Score over the answers that have a tag, with their mean length. */
export interface TagScore extends Score {
  readonly tag: string;
  readonly kind: TagKind;
  /** The tag without its kind. */
  readonly name: string;
  readonly length: number;
}

export interface Flip {
  readonly promptId: string;
  readonly criterion: string;
  readonly points: number;
  /** Shares of answers that met it. */
  readonly before: number;
  readonly after: number;
  readonly better: boolean;
}

export interface Comparison {
  readonly baseline: Pick<EvaluationAbout, 'model' | 'grader'>;
  /** Scores by different graders do not compare. */
  readonly sameGrader: boolean;
  readonly score: Score;
  readonly length: number;
  readonly paired: Paired;
  readonly flips: readonly Flip[];
}

/**
 * Everything that an evaluation says. Plain data: evaluation.json, and what the page shows. NaN where there is no
 * value.
 */
export interface Evaluation {
  readonly version: 1;
  readonly about: EvaluationAbout;
  readonly prompts: number;
  readonly answers: number;
  readonly overall: Score;
  readonly tags: readonly TagScore[];
  readonly worstAtK: readonly { readonly k: number; readonly score: number; readonly prompts: number }[];
  readonly length: {
    readonly mean: number;
    readonly median: number;
    readonly p90: number;
    readonly unit: 'tokens' | 'characters';
  };
  /** Answers that reached the length limit; null where that is not known. */
  readonly truncated: number | null;
  readonly criteria: number;
  readonly ungraded: number;
  /** Share judged met, by the grader and not by program, among graded criteria with positive, and with negative points. */
  readonly yesRate: { readonly positive: number; readonly negative: number };
  /**
   * By the rules of the synthetic world, or by checks where every criterion has one: mean true reward, and the share of
   * the grader's verdicts that agree (null where it gave none). Null for other data.
   */
  readonly truth: { readonly reward: number; readonly agreement: number | null } | null;
  readonly harms: readonly Harm[];
  readonly comparison: Comparison | null;
}

/** Answers to compare with, and what is known of them. */
export interface Baseline {
  readonly about: Pick<EvaluationAbout, 'model' | 'grader'>;
  readonly answers: readonly EvaluatedAnswer[];
}

/** All numbers of an evaluation. `baseline` answers are paired by prompt. */
export function summarise(
  answers: readonly EvaluatedAnswer[],
  about: EvaluationAbout,
  baseline?: Baseline,
): Evaluation {
  const { overall, tags, ungraded } = healthBenchScores(answers, about.seed);
  const groups = groupBy(answers, ({ example }) => example.promptId);
  const perPrompt = Math.max(0, ...[...groups.values()].map(({ length }) => length));
  const ks = Array.from({ length: perPrompt }, (_, i) => i + 1);
  const finishes = answers.map(({ finish }) => finish);
  return {
    version: 1,
    about,
    prompts: groups.size,
    answers: answers.length,
    overall,
    tags: tagScores(answers, tags),
    worstAtK: ks.map((k) => ({ k, ...worstAtK(answers, k) })),
    length: lengthsOf(answers),
    truncated: finishes.includes(null) ? null : finishes.filter((finish) => finish === 'length').length,
    criteria: answers.reduce((sum, { example }) => sum + example.rubrics.length, 0),
    ungraded,
    yesRate: { positive: yesRate(answers, 1), negative: yesRate(answers, -1) },
    truth: truthOf(answers),
    harms: harms(answers),
    comparison: baseline ? compare(answers, about, baseline) : null,
  };
}

const KINDS: Record<string, TagKind> = {
  theme: 'theme',
  physician_agreed_category: 'category',
  axis: 'axis',
  level: 'level',
  cluster: 'cluster',
};

function tagScores(answers: readonly GradedAnswer[], scores: ReadonlyMap<string, Score>): TagScore[] {
  const { unit } = meanLength(answers);
  const byTag = new Map<string, GradedAnswer[]>();
  for (const answer of answers) {
    const { exampleTags, rubrics } = answer.example;
    for (const tag of new Set([...exampleTags, ...rubrics.flatMap(({ tags }) => tags)])) {
      const own = byTag.get(tag);
      if (own) own.push(answer);
      else byTag.set(tag, [answer]);
    }
  }
  return [...scores]
    .map(([tag, score]) => {
      const colon = tag.indexOf(':');
      const kind = KINDS[tag.slice(0, Math.max(0, colon))] ?? 'other';
      const name = kind === 'other' ? tag : tag.slice(colon + 1);
      return {
        tag,
        kind,
        name,
        ...score,
        length: mean((byTag.get(tag) ?? []).map((answer) => lengthIn(answer, unit))),
      };
    })
    .sort((a, b) => (a.kind === b.kind ? b.n - a.n : a.tag < b.tag ? -1 : 1));
}

const lengthIn = ({ tokens, completion }: GradedAnswer, unit: 'tokens' | 'characters'): number =>
  unit === 'tokens' ? tokens! : completion.length;

function lengthsOf(answers: readonly GradedAnswer[]): Evaluation['length'] {
  const { value, unit } = meanLength(answers);
  const lengths = answers.map((answer) => lengthIn(answer, unit));
  return { mean: value, median: median(lengths), p90: quantile(lengths, 0.9), unit };
}

function yesRate(answers: readonly GradedAnswer[], sign: 1 | -1): number {
  const verdicts = answers.flatMap(({ example, grade }) =>
    grade.filter(
      ({ verdict, by }, c) =>
        verdict !== 'ungraded' && by !== 'program' && Math.sign(example.rubrics[c]!.points) === sign,
    ),
  );
  return verdicts.filter(({ verdict }) => verdict === 'met').length / verdicts.length;
}

function truthOf(answers: readonly GradedAnswer[]): Evaluation['truth'] {
  const rewards = answers.map(({ example, completion }) => trueReward(example, visibleAnswer(completion)));
  if (answers.length === 0 || !rewards.every((reward) => reward !== null)) return null;
  const hits = answers.flatMap(({ example, completion, grade }) =>
    example.rubrics.flatMap((criterion, c) => {
      const truth = trueVerdict(example, criterion, visibleAnswer(completion));
      const { verdict, by } = grade[c]!;
      return truth === null || verdict === 'ungraded' || by === 'program'
        ? []
        : [(verdict === 'met') === truth ? 1 : 0];
    }),
  );
  return { reward: mean(rewards), agreement: meanOrNull(hits) };
}

function compare(answers: readonly EvaluatedAnswer[], about: EvaluationAbout, baseline: Baseline): Comparison {
  const share = ({ met, graded }: MetRate) => met / graded;
  return {
    baseline: { model: baseline.about.model, grader: baseline.about.grader },
    sameGrader: baseline.about.grader === about.grader,
    score: healthBenchScores(baseline.answers, about.seed).overall,
    length: meanLength(baseline.answers).value,
    paired: paired(baseline.answers, answers, about.seed),
    flips: flips(baseline.answers, answers).map(({ before, after, better }) => ({
      promptId: after.promptId,
      criterion: after.criterion.criterion,
      points: after.criterion.points,
      before: share(before),
      after: share(after),
      better,
    })),
  };
}
