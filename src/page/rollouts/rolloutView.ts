import { groupBy } from '../../domain/groupBy';
import type { RolloutRecord } from '../../domain/rolloutRecord';

/** The answers of one prompt, highest reward first. */
export interface AnswerGroup {
  readonly group: number;
  readonly promptId: string;
  readonly answers: readonly RolloutRecord[];
}

export const FILTERS = [
  { id: 'all', title: 'All answers' },
  { id: 'ungraded', title: 'With ungraded criteria' },
  { id: 'harm', title: 'With harms' },
  { id: 'cutOff', title: 'Cut off' },
  { id: 'best', title: 'Best of each prompt' },
  { id: 'worst', title: 'Worst of each prompt' },
] as const;
export type FilterId = (typeof FILTERS)[number]['id'];

export type CriterionState = 'met' | 'notMet' | 'harm' | 'avoided' | 'ungraded';

/** A met negative criterion is a harm; a negative one that is not met is a harm avoided. */
export function criterionState({
  verdict,
  points,
}: Pick<RolloutRecord['criteria'][number], 'verdict' | 'points'>): CriterionState {
  if (verdict === 'ungraded') return 'ungraded';
  if (points < 0) return verdict === 'met' ? 'harm' : 'avoided';
  return verdict;
}

const byReward = (a: RolloutRecord, b: RolloutRecord): number =>
  (b.reward ?? Number.NEGATIVE_INFINITY) - (a.reward ?? Number.NEGATIVE_INFINITY) || a.index - b.index;

export function groupAnswers(rollouts: readonly RolloutRecord[]): AnswerGroup[] {
  return [...groupBy(rollouts, ({ group }) => group)]
    .sort(([a], [b]) => a - b)
    .map(([group, answers]) => ({ group, promptId: answers[0]!.promptId, answers: answers.sort(byReward) }));
}

/** Groups with their matching answers; drops empty groups. Searches prompts, answers and criteria for the text. */
export function filterGroups(groups: readonly AnswerGroup[], filter: FilterId, text: string): AnswerGroup[] {
  const wanted = text.trim().toLowerCase();
  return groups
    .map((group) => ({
      ...group,
      answers: group.answers.filter(
        (answer, rank) => passes(answer, rank, group.answers.length, filter) && mentions(answer, wanted),
      ),
    }))
    .filter(({ answers }) => answers.length > 0);
}

function passes(answer: RolloutRecord, rank: number, count: number, filter: FilterId): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'ungraded':
      return answer.criteria.some((criterion) => criterion.verdict === 'ungraded');
    case 'harm':
      return answer.criteria.some((criterion) => criterionState(criterion) === 'harm');
    case 'cutOff':
      return answer.finish === 'length';
    case 'best':
      return rank === 0;
    case 'worst':
      return rank === count - 1;
  }
}

const mentions = (answer: RolloutRecord, wanted: string): boolean =>
  wanted === '' ||
  answer.completion.toLowerCase().includes(wanted) ||
  answer.prompt.some(({ content }) => content.toLowerCase().includes(wanted)) ||
  answer.criteria.some(({ criterion }) => criterion.toLowerCase().includes(wanted));

/** The answer without Markdown marks, for a short excerpt. */
export const excerpt = (completion: string): string =>
  completion
    .replace(/[*_`#>]+/g, '')
    .replace(/\n{2,}/g, '\n')
    .trim() || '(an empty answer)';

/** Best, median and worst answer of a step by reward; fewer when there are fewer answers. */
export function bestMedianWorst(
  rollouts: readonly RolloutRecord[],
): { place: 'Best' | 'Median' | 'Worst'; answer: RolloutRecord }[] {
  const sorted = rollouts.filter(({ reward }) => reward !== null).sort(byReward);
  if (sorted.length === 0) return [];
  if (sorted.length < 3) return [{ place: 'Best', answer: sorted[0]! }];
  return [
    { place: 'Best', answer: sorted[0]! },
    { place: 'Median', answer: sorted[Math.floor(sorted.length / 2)]! },
    { place: 'Worst', answer: sorted.at(-1)! },
  ];
}
