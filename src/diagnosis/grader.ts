import type { MetricKey } from '../domain/metrics/metrics';
import type { Evidence, Found } from './finding';
import { onset, type Points, recent } from './points';
import { graderIsRight, gradesItself, type RunLog } from './runLog';
import { share } from './words';

/** Probes are rare and use the same items and draws: two of them make a level. */
const NEWEST = 2;
const LENIENT = 0.1;

export const CONTROLS = [
  { key: 'probe/control_empty', answer: 'an empty answer' },
  { key: 'probe/control_colon', answer: 'the answer “:”' },
  { key: 'probe/control_echo', answer: 'the prompt repeated' },
  { key: 'probe/control_other', answer: 'an answer to another prompt' },
] as const satisfies readonly { key: MetricKey; answer: string }[];

const from = (points: Points) => points[0]!.value;

/** The model as a grader has become more lenient than the starting model, on unchanged answers. */
export function leniency(run: RunLog): Found | null {
  const points = run.of('probe/leniency');
  const now = recent(points, NEWEST, 3);
  if (now === null || now <= LENIENT || !gradesItself(run) || graderIsRight(run)) return null;
  const gap = recent(run.of('probe/reward_gap'), NEWEST, 3);
  const agree = recent(run.of('probe/frozen_agreement'), NEWEST, 3);
  return {
    id: 'leniency',
    level: now > 0.2 ? 'problem' : 'watch',
    title: `the grader has become more lenient: ${share(now)} more criteria are graded met in the same answers`,
    step: onset(points, (value) => value > LENIENT / 2),
    evidence: [
      { key: 'probe/leniency', before: from(points), now },
      ...optional('probe/reward_gap', gap, run.of('probe/reward_gap')[0]?.value ?? null),
      ...optional('probe/frozen_agreement', agree, null),
    ],
    cause: 'The same weights answer and grade: learning to score well also makes the grader say yes.',
    tries: ['Use the frozen grader', 'Use a teacher for a share of the prompts', 'Lower the learning rate'],
  };
}

const optional = (key: MetricKey, now: number | null, before: number | null): Evidence[] =>
  now === null ? [] : [{ key, before, now }];

/** Empty answers that the grader rewards. */
export function controls(run: RunLog): Found | null {
  if (!gradesItself(run)) return null;
  const fooled = CONTROLS.flatMap(({ key, answer }) => {
    const points = run.of(key);
    const now = recent(points, NEWEST, 1); // one check is enough, because these should never be met
    return now === null ? [] : [{ key, answer, points, now, by: now - from(points) }];
  });
  const rising = fooled.filter(({ now, by }) => by > 0.2 && now > 0.3).sort((a, b) => b.by - a.by)[0];
  const high = fooled
    .filter(({ now, key }) => now > 0.5 && key !== 'probe/control_other')
    .sort((a, b) => b.now - a.now)[0];
  const worst = rising ?? high;
  if (!worst) return null;
  const { key, answer, points, now } = worst;
  const before = from(points);
  return {
    id: 'controls',
    level: 'problem',
    title: `${answer} is graded met on ${share(now)} of positive criteria`,
    step: rising ? onset(points, (value) => value > before + 0.1) : points[0]!.step,
    evidence: [{ key, before, now }, ...optional('probe/ideal', recent(run.of('probe/ideal'), NEWEST, 1), null)],
    cause: rising
      ? 'The grader now rewards answers without content. The model will exploit this, if it has not yet.'
      : 'This grader never distinguished good answers from bad ones: its rewards are mostly noise.',
    tries: [
      'Use the frozen grader or a teacher',
      'Make the grader write its reason before the verdict',
      rising ? 'Go back to an earlier checkpoint' : 'Use a larger model, or a warm start on recorded verdicts',
    ],
  };
}

/** Ideal answers must score high, and higher than empty ones. */
export function ideal(run: RunLog): Found | null {
  const points = run.of('probe/ideal');
  const now = recent(points, NEWEST, 1);
  if (now === null || !gradesItself(run)) return null;
  const before = from(points);
  const nothing = Math.max(...CONTROLS.slice(0, 2).map(({ key }) => recent(run.of(key), NEWEST, 1) ?? 0));
  const falls = now < before - 0.2;
  const blind = now < nothing + 0.05;
  if (!falls && !blind) return null;
  return {
    id: 'ideal',
    // While its grades of the run's own answers are right, this is not what goes wrong.
    level: graderIsRight(run) ? 'watch' : 'problem',
    title: blind
      ? `the grader scores ideal answers (${share(now)}) no higher than empty ones (${share(nothing)})`
      : `the grader scores ideal answers lower: ${share(before)} → ${share(now)}`,
    step: falls ? onset(points, (value) => value < before - 0.1) : points[0]!.step,
    evidence: [
      { key: 'probe/ideal', before, now },
      { key: 'probe/control_empty', before: null, now: recent(run.of('probe/control_empty'), NEWEST, 1) ?? 0 },
    ],
    cause: falls
      ? 'Training has changed the model as a grader. It no longer recognizes the answers that physicians wrote.'
      : 'This grader does not distinguish an answer from none.',
    tries: ['Use the frozen grader or a teacher', 'Continue from an earlier checkpoint with a lower learning rate'],
  };
}

/** Repeated gradings disagree. */
export function unsteady(run: RunLog): Found | null {
  const key = 'probe/repeat_agreement';
  const points = run.of(key);
  const now = recent(points, NEWEST, 2);
  if (now === null || now >= 0.7) return null;
  return {
    id: 'unsteady',
    level: now < 0.6 && !graderIsRight(run) ? 'problem' : 'watch',
    title: `the grader repeats its verdict only ${share(now)} of the time`,
    step: onset(points, (value) => value < 0.7),
    evidence: [
      { key, before: from(points), now },
      ...optional('probe/confidence', recent(run.of('probe/confidence'), NEWEST, 1), null),
    ],
    cause: 'Two coin tosses agree half of the time: such verdicts and their rewards are mostly noise.',
    tries: ['Use the most likely verdict instead of drawing it', 'Lower the grading temperature', 'Use a larger model'],
  };
}
