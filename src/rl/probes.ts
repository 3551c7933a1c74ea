import type { Example } from '../domain/example';
import { NO_PROBES, type ProbeMetrics } from '../domain/metrics/probeMetrics';
import type { Recipe } from '../domain/recipe/recipe';
import { rubricReward } from '../domain/reward';
import type { Rollout } from '../domain/rollout';
import { meanOrNull } from '../domain/statistics';
import type { CriterionGrade, Grade } from '../domain/verdict';
import type { WorkContext } from '../domain/workContext';
import type { GraderModel } from '../grading/graderModel';
import { ModelGrader } from '../grading/policyGrader';
import { derive, shuffled } from '../random';
import type { ChatText } from '../text/chatText';
import { answerPrompts } from './evaluate';
import { type ControlName, type ProbeItems, probeItems, probePrompts } from './probeItems';
import type { StepReport } from './stepReport';

/** After the first step, as the baseline, and every `every` steps. */
export const probesDue = ({ every }: Recipe['probes'], step: number): boolean =>
  every > 0 && (step === 1 || step % every === 0);

/**
 * Checks of the policy as a grader (ux: the grader-health panel). Its items and draws are functions of the run's seed
 * and data alone: a checkpoint needs nothing of them, and the run's own draws do not change.
 */
export class Probes {
  private items: Promise<{ readonly items: ProbeItems; readonly frozen: readonly Grade[] }> | undefined;
  private readonly self: ModelGrader;
  private readonly starting: ModelGrader;
  private readonly seed: number;

  constructor(
    private readonly model: GraderModel,
    private readonly text: ChatText,
    private readonly run: Recipe,
    private readonly examples: readonly Example[],
  ) {
    this.self = new ModelGrader(model, text, { ...run.grader, kind: 'self' }, run.seed);
    this.starting = new ModelGrader(model, text, { ...run.grader, kind: 'frozen' }, run.seed);
    this.seed = derive(run.seed, 'probe');
  }

  /** After a step. Throws an AbortError on abort. */
  async check(
    report: Pick<StepReport, 'step' | 'rollouts' | 'rewards'>,
    { now }: { readonly now: () => number },
    context: WorkContext = {},
  ): Promise<ProbeMetrics> {
    const started = now();
    this.items ??= this.open(context);
    this.items.catch(() => (this.items = undefined)); // an aborted check starts again
    const { items, frozen } = await this.items;
    if (items.stored.length === 0) return NO_PROBES;

    const graded = [...items.stored, ...items.ideal, ...items.controls.map(({ rollout }) => rollout)];
    const grades = await this.self.grade(graded, { seed: derive(this.seed, 'grades') }, context);
    const n = items.stored.length;
    const stored = grades.slice(0, n);
    const ideal = grades.slice(n, n + items.ideal.length).flat();
    const controls = grades.slice(n + items.ideal.length);
    const again = this.draws()
      ? await this.self.grade(items.stored, { seed: derive(this.seed, 'again') }, context)
      : null;
    const gap = await this.rewardGap(report, context);

    const all = stored.flat();
    const control = (name: ControlName) =>
      yesRate(controls.flatMap((grade, i) => (items.controls[i]!.name === name ? grade : [])));
    const [current, start] = [yesRate(all), yesRate(frozen.flat())];
    return {
      'probe/leniency': current === null || start === null ? null : current - start,
      'probe/frozen_agreement': agreement(stored, frozen),
      'probe/reward_gap': gap,
      'probe/yes_rate_positive': yesRate(bySign(items.stored, stored, 1)),
      'probe/yes_rate_negative': yesRate(bySign(items.stored, stored, -1)),
      'probe/ideal': yesRate(ideal),
      'probe/control_empty': control('empty'),
      'probe/control_colon': control('colon'),
      'probe/control_echo': control('echo'),
      'probe/control_other': control('other'),
      'probe/repeat_agreement': again && agreement(stored, again),
      ...sureness(all),
      'probe/ungraded': meanOrNull(all.map(({ verdict }) => (verdict === 'ungraded' ? 1 : 0))),
      'time/probe': (now() - started) / 1000,
    };
  }

  /** Answers and grades by the weights that the run started from: the same whenever they are made. */
  private async open(context: WorkContext) {
    const { model, text, run, seed } = this;
    const { items, ideal } = probePrompts(this.examples, run);
    const { sampling, thinking } = run;
    const options = { answers: 1, sampling, thinking, adapter: false, seed };
    const stored = await answerPrompts(model, text, items, options, context);
    const made = probeItems(items, ideal, stored);
    return { items: made, frozen: await this.starting.grade(made.stored, { seed: derive(seed, 'grades') }, context) };
  }

  /** On some of the step's answers: the run's reward minus the starting weights'. Null when none has both. */
  private async rewardGap(
    { step, rollouts, rewards }: Pick<StepReport, 'step' | 'rollouts' | 'rewards'>,
    context: WorkContext,
  ) {
    const { probes, grader } = this.run;
    const order = shuffled(derive(this.seed, 'newest', step), [...rollouts.keys()]);
    const chosen = order.filter((i) => rewards[i] !== null).slice(0, probes.items);
    const newest = chosen.map((i) => rollouts[i]!);
    const grades = await this.starting.grade(newest, { seed: derive(this.seed, 'newest grades', step) }, context);
    const gaps = newest.flatMap(({ example }, k) => {
      const start = rubricReward(example.rubrics, grades[k]!, grader.ungraded);
      return start === null ? [] : [rewards[chosen[k]!]! - start];
    });
    return meanOrNull(gaps);
  }

  /** Whether anything about a verdict is drawn, so that grading again can give another one. */
  private draws(): boolean {
    const { mode, sampling, verdict } = this.run.grader;
    return sampling.temperature > 0 && (mode !== 'verdict' || verdict === 'drawn' || verdict === 'votes');
  }
}

const graded = (grades: readonly CriterionGrade[]) => grades.filter(({ verdict }) => verdict !== 'ungraded');

const yesRate = (grades: readonly CriterionGrade[]): number | null =>
  meanOrNull(graded(grades).map(({ verdict }) => (verdict === 'met' ? 1 : 0)));

const bySign = (rollouts: readonly Rollout[], grades: readonly Grade[], sign: 1 | -1): CriterionGrade[] =>
  rollouts.flatMap(({ example }, i) => grades[i]!.filter((_, c) => Math.sign(example.rubrics[c]!.points) === sign));

/** Share of verdicts that are the same, of those that both gave. */
const agreement = (a: readonly Grade[], b: readonly Grade[]): number | null =>
  meanOrNull(
    a.flatMap((grade, i) =>
      grade.flatMap(({ verdict }, c) => {
        const other = b[i]![c]!.verdict;
        return verdict === 'ungraded' || other === 'ungraded' ? [] : [verdict === other ? 1 : 0];
      }),
    ),
  );

/** Of the verdicts that were read from probabilities. */
function sureness(grades: readonly CriterionGrade[]) {
  const known = grades.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  return {
    'probe/confidence': meanOrNull(known.map((p) => Math.max(p, 1 - p))),
    'probe/unsure': meanOrNull(known.map((p) => (p > 0.4 && p < 0.6 ? 1 : 0))),
  };
}
