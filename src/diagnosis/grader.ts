import type { MetricKey } from '../domain/metrics/metrics';
import type { Evidence, Found } from './finding';
import { onset, type Points, recent } from './points';
import { gradesItself, type RunLog } from './runLog';
import { share } from './words';

/** A probe is few and far between, on the same items with the same draws: two of them are a level. */
const NEWEST = 2;
const LENIENT = 0.1;

export const CONTROLS = [
  { key: 'probe/control_empty', answer: 'an empty answer' },
  { key: 'probe/control_colon', answer: 'the answer “:”' },
  { key: 'probe/control_echo', answer: 'the question repeated' },
  { key: 'probe/control_other', answer: 'an answer to another question' },
] as const satisfies readonly { key: MetricKey; answer: string }[];

const from = (points: Points) => points[0]!.value;

/** The model as a grader has become softer than the model it started from, on answers that did not change. */
export function leniency(run: RunLog): Found | null {
  const points = run.of('probe/leniency');
  const now = recent(points, NEWEST, 3);
  if (now === null || now <= LENIENT || !gradesItself(run)) return null;
  const gap = recent(run.of('probe/reward_gap'), NEWEST, 3);
  const agree = recent(run.of('probe/frozen_agreement'), NEWEST, 3);
  return {
    id: 'leniency',
    level: now > 0.2 ? 'problem' : 'watch',
    title: `the grader has become more lenient: ${share(now)} more is called met in the same answers`,
    step: onset(points, (value) => value > LENIENT / 2),
    evidence: [
      { key: 'probe/leniency', before: from(points), now },
      ...optional('probe/reward_gap', gap, run.of('probe/reward_gap')[0]?.value ?? null),
      ...optional('probe/frozen_agreement', agree, null),
    ],
    cause: 'The same weights answer and grade: what makes answers be graded well also makes the grader say yes.',
    tries: ['Let the starting model grade', 'Let a teacher grade a share of the prompts', 'Lower the learning rate'],
  };
}

const optional = (key: MetricKey, now: number | null, before: number | null): Evidence[] =>
  now === null ? [] : [{ key, before, now }];

/** Answers that say nothing are graded as if they did. */
export function controls(run: RunLog): Found | null {
  if (!gradesItself(run)) return null;
  const fooled = CONTROLS.flatMap(({ key, answer }) => {
    const points = run.of(key);
    const now = recent(points, NEWEST, 1); // one check is enough for what never should be met
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
    title: `${answer} is called met in ${share(now)} of good criteria`,
    step: rising ? onset(points, (value) => value > before + 0.1) : points[0]!.step,
    evidence: [{ key, before, now }, ...optional('probe/ideal', recent(run.of('probe/ideal'), NEWEST, 1), null)],
    cause: rising
      ? 'A way to be graded well without saying anything has opened. The model will find it if it has not yet.'
      : 'This grader was never able to tell: its rewards are mostly noise.',
    tries: [
      'Let the starting model or a teacher grade',
      'Let the grader write its reason before the verdict',
      rising ? 'Go back to a checkpoint of before' : 'Use a larger model, or warm the grader up on recorded verdicts',
    ],
  };
}

/** Ideal answers must stay good, and better than nothing. */
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
    level: 'problem',
    title: blind
      ? `the grader likes ideal answers (${share(now)}) no better than empty ones (${share(nothing)})`
      : `the grader likes ideal answers less: ${share(now)}, from ${share(before)}`,
    step: falls ? onset(points, (value) => value < before - 0.1) : points[0]!.step,
    evidence: [
      { key: 'probe/ideal', before, now },
      { key: 'probe/control_empty', before: null, now: recent(run.of('probe/control_empty'), NEWEST, 1) ?? 0 },
    ],
    cause: falls
      ? 'Learning has changed what the model takes for good. It no longer knows the answers that physicians wrote.'
      : 'This grader does not see the difference between an answer and none.',
    tries: ['Let the starting model or a teacher grade', 'Lower the learning rate, from an earlier checkpoint'],
  };
}

/** Asked twice, it answers otherwise. */
export function unsteady(run: RunLog): Found | null {
  const key = 'probe/repeat_agreement';
  const points = run.of(key);
  const now = recent(points, NEWEST, 2);
  if (now === null || now >= 0.7) return null;
  return {
    id: 'unsteady',
    level: now < 0.6 ? 'problem' : 'watch',
    title: `asked again, the grader gives the same verdict only ${share(now)} of the time`,
    step: onset(points, (value) => value < 0.7),
    evidence: [
      { key, before: from(points), now },
      ...optional('probe/confidence', recent(run.of('probe/confidence'), NEWEST, 1), null),
    ],
    cause:
      'Two tossed coins agree half of the time: such verdicts hold little, and rewards made of them are mostly noise.',
    tries: ['Take the likelier verdict instead of drawing it', 'Lower the grading temperature', 'Use a larger model'],
  };
}
