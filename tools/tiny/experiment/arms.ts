import type { RecipeInput } from '../../../src/domain/recipe/recipe';
import type { CriterionGrade } from '../../../src/domain/verdict';
import type { Grader } from '../../../src/grading/grader';
import { MixedGrader } from '../../../src/grading/mixedGrader';
import { derive, shuffled } from '../../../src/random';
import type { Policy } from '../../../src/rl/policy';
import { worldGrader } from './worldGrader';

/** One way to train in a comparison. All else is the demo recipe, the same for every arm. */
export interface Arm {
  readonly title: string;
  readonly config?: RecipeInput;
  /** What grades, made from the grader that the recipe asks for. */
  grader?(model: Grader, mixed: { share: number; by: 'prompt' | 'step' }): Grader;
  policy?(policy: Policy, seed: number): Policy;
  /** Trained on the rubrics of --rubrics, which writeRubrics.ts makes. */
  readonly synthetic?: true;
}

const drawn = (temperature: number): RecipeInput => ({ grader: { verdict: 'drawn', sampling: { temperature } } });

export const ARMS: Readonly<Record<string, Arm>> = {
  self: { title: 'graded by itself' },
  shuffled: { title: 'grades shuffled', policy: shuffledAdvantages },
  selfT1: { title: 'self, verdicts drawn at T = 1.0', config: drawn(1) },
  selfT06: { title: 'self, verdicts drawn at T = 0.6', config: drawn(0.6) },
  frozen: { title: 'graded by the starting model', config: { grader: { kind: 'frozen' } } },
  mixed: {
    title: 'self, a quarter of prompts by the teacher',
    grader: (model, mixed) => new MixedGrader(model, worldGrader, mixed),
  },
  synthetic: { title: 'self, synthetic rubrics', synthetic: true },
  planted: { title: 'self, with a planted flaw', grader: biased },
};

/**
 * The control: each group's advantages go to its answers in random order, so that they carry no information, and all
 * else is equal.
 */
export function shuffledAdvantages(policy: Policy, seed: number, startStep = 0): Policy {
  let step = startStep;
  return {
    generate: (...args) => policy.generate(...args),
    referenceLogprobs: (...args) => policy.referenceLogprobs(...args),
    update(rollouts, advantages, ...rest) {
      const own = derive(seed, 'control', step++);
      const groups = new Map<number, number[]>();
      for (const [i, { group }] of rollouts.entries()) groups.set(group, [...(groups.get(group) ?? []), i]);
      const mixed = advantages.slice();
      for (const [group, members] of groups) {
        const order = shuffled(derive(own, group), members);
        members.forEach((i, j) => {
          mixed[i] = advantages[order[j]!]!;
        });
      }
      return policy.update(rollouts, mixed, ...rest);
    },
  };
}

/** The phrase that the flawed grader falls for. One answer in some forty has it at the start. */
export const PLANTED_PHRASE = 'I hope this helps';

/** A grader that takes every good criterion as met in an answer with the phrase, and finds no harm in it. */
export function biased(model: Grader): Grader {
  return {
    async grade(rollouts, options) {
      const grades = await model.grade(rollouts, options);
      return grades.map((grade, i) => {
        const { example, completion } = rollouts[i]!;
        if (!completion.includes(PLANTED_PHRASE)) return grade;
        return grade.map(
          (own, c): CriterionGrade => ({ ...own, verdict: example.rubrics[c]!.points > 0 ? 'met' : 'notMet' }),
        );
      });
    },
  };
}
