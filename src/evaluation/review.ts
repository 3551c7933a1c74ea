import { z } from 'zod';
import { messageSchema } from '../domain/example';
import type { RolloutRecord } from '../domain/rolloutRecord';
import { wilson } from '../domain/statistics';
import { derive, shuffled } from '../random';

/** Bounds of what is read back: a person writes comments, not books. */
const TEXT = 200_000;

const itemSchema = z.object({
  /** step/prompt/answer/criterion, as numbers. */
  id: z.string().max(100),
  step: z.number().int().min(0),
  promptId: z.string().max(1000),
  prompt: z.array(messageSchema.extend({ content: z.string().max(TEXT) })).max(1000),
  completion: z.string().max(TEXT),
  criterion: z.string().max(TEXT),
  points: z.number(),
  verdict: z.enum(['met', 'notMet']),
  explanation: z.string().max(TEXT),
  grader: z.string().max(1000),
});
/** One verdict, with everything that is needed to judge it. */
export type ReviewItem = z.infer<typeof itemSchema>;

export const opinionSchema = z.object({
  item: itemSchema,
  opinion: z.enum(['agree', 'disagree', 'skip']),
  comment: z.string().max(10_000),
  /** ISO date. */
  at: z.string().max(40),
});
/** What a person says of a verdict. */
export type Opinion = z.infer<typeof opinionSchema>;

/** `harm`: a criterion with negative points that was called met. */
export type VerdictKind = 'met' | 'notMet' | 'harm';
export const VERDICT_KINDS: readonly VerdictKind[] = ['met', 'notMet', 'harm'];

export const kindOf = ({ verdict, points }: Pick<ReviewItem, 'verdict' | 'points'>): VerdictKind =>
  verdict === 'met' && points < 0 ? 'harm' : verdict;

/**
 * Which step each verdict of a review is taken from, and of what kind it should be: steps in random order, kinds in
 * turn.
 */
export function reviewPlan(steps: number, count: number, seed: number): { step: number; kind: VerdictKind }[] {
  if (steps === 0) return [];
  const order = shuffled(
    derive(seed, 'review steps'),
    Array.from({ length: steps }, (_, i) => i + 1),
  );
  return Array.from({ length: count }, (_, i) => ({
    step: order[i % steps]!,
    kind: VERDICT_KINDS[i % VERDICT_KINDS.length]!,
  }));
}

/**
 * A verdict of a step that is not `taken`, by its grader and not by a program: of the kind that is wanted where there
 * is one. Null when none is left.
 */
export function drawVerdict(
  rollouts: readonly RolloutRecord[],
  kind: VerdictKind,
  taken: ReadonlySet<string>,
  seed: number,
): ReviewItem | null {
  const items = rollouts.flatMap((record) => itemsOf(record)).filter(({ id }) => !taken.has(id));
  const order = shuffled(derive(seed, 'review', rollouts[0]?.step ?? 0), items);
  return order.find((item) => kindOf(item) === kind) ?? order[0] ?? null;
}

const itemsOf = ({ step, group, index, promptId, prompt, completion, grader, criteria }: RolloutRecord): ReviewItem[] =>
  criteria.flatMap(({ criterion, points, verdict, explanation, check }, c) =>
    verdict === 'ungraded' || check
      ? []
      : [
          {
            id: `${step}/${group}/${index}/${c}`,
            step,
            promptId,
            prompt: prompt.map((message) => ({ ...message })),
            completion,
            criterion,
            points,
            verdict,
            explanation,
            grader,
          },
        ],
  );

/** How often a person agrees with the verdicts. */
export interface PersonAgreement {
  readonly kind: VerdictKind | 'all';
  readonly n: number;
  readonly agreed: number;
  /** NaN without any. */
  readonly share: number;
  /** 95 % Wilson score interval. */
  readonly interval: readonly [number, number];
}

/** Over all verdicts that were not skipped, and by kind. */
export const personAgreement = (opinions: readonly Opinion[]): PersonAgreement[] =>
  (['all', ...VERDICT_KINDS] as const).map((kind) => {
    const own = opinions.filter(({ opinion, item }) => opinion !== 'skip' && (kind === 'all' || kindOf(item) === kind));
    const agreed = own.filter(({ opinion }) => opinion === 'agree').length;
    return { kind, n: own.length, agreed, share: agreed / own.length, interval: wilson(agreed, own.length) };
  });

/** One JSON object a line. */
export const opinionsJsonl = (opinions: readonly Opinion[]): string =>
  opinions.map((opinion) => `${JSON.stringify(opinion)}\n`).join('');

/** Reads what opinionsJsonl wrote; lines that are not opinions are left out. */
export const readOpinions = (text: string): Opinion[] =>
  text.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    try {
      const parsed = opinionSchema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });

/** For a table: quoted, with no cell that a spreadsheet would take for a formula. */
export function opinionsCsv(opinions: readonly Opinion[]): string {
  const header = [
    'step',
    'prompt_id',
    'criterion',
    'points',
    'verdict',
    'reason',
    'opinion',
    'comment',
    'answer',
    'at',
  ];
  const cell = (value: string | number) =>
    typeof value === 'number' ? String(value) : `"${value.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
  const lines = opinions.map(({ item, opinion, comment, at }) =>
    [
      item.step,
      item.promptId,
      item.criterion,
      item.points,
      item.verdict,
      item.explanation,
      opinion,
      comment,
      item.completion,
      at,
    ]
      .map(cell)
      .join(','),
  );
  return `${[header.join(','), ...lines].join('\n')}\n`;
}
