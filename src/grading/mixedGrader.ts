import type { GraderConfig } from '../domain/recipe/grader';
import type { Rollout } from '../domain/rollout';
import type { CriterionGrade, Grade } from '../domain/verdict';
import { partOf } from '../domain/workContext';
import { derive, shuffled, uniform } from '../random';
import type { Grader, GradingContext } from './grader';

/**
 * The teacher grades a seeded share of each step's prompts, or of the steps, and the policy the rest. Answers of one
 * prompt are compared with each other, so one grader has them all. Any two graders will do.
 */
export class MixedGrader implements Grader {
  constructor(
    private readonly policy: Grader,
    private readonly teacher: Grader,
    private readonly mixed: GraderConfig['mixed'],
  ) {}

  async grade(
    rollouts: readonly Rollout[],
    { seed }: { readonly seed: number },
    context: GradingContext = {},
  ): Promise<Grade[]> {
    const taught = taughtGroups([...new Set(rollouts.map(({ group }) => group))], this.mixed, derive(seed, 'mixed'));
    const shares = [
      { by: 'teacher', grader: this.teacher, indices: indicesWhere(rollouts, ({ group }) => taught.has(group)) },
      { by: 'policy', grader: this.policy, indices: indicesWhere(rollouts, ({ group }) => !taught.has(group)) },
    ] as const;
    const { signal, onProgress, onGrade, onReasoning } = context;
    const total = rollouts.length;
    const grades: Grade[] = new Array(total);
    let before = 0;
    // One after the other: the teacher may run on the same device.
    for (const { by, grader, indices } of shares) {
      if (indices.length === 0) continue;
      const own = await grader.grade(
        indices.map((i) => rollouts[i]!),
        { seed },
        {
          // The graders' units may differ (criteria, calls): progress counts answers.
          ...partOf(context, { before, size: indices.length, total }),
          onGrade: (i, criterion, grade) => onGrade?.(indices[i]!, criterion, { by, ...grade }),
          onReasoning: (i, criterion, tokens) => onReasoning?.(indices[i]!, criterion, tokens),
        },
      );
      signal?.throwIfAborted();
      indices.forEach((i, at) => {
        grades[i] = own[at]!.map((grade): CriterionGrade => ({ by, ...grade })); // a check keeps that it is one
      });
      before += indices.length;
      onProgress?.(before, total);
    }
    return grades;
  }
}

/** A share of prompts is met exactly on average: P · share, its fraction decided by lot. */
function taughtGroups(groups: readonly number[], { share, by }: GraderConfig['mixed'], seed: number): Set<number> {
  const lot = uniform(derive(seed, 'lot'));
  if (by === 'step') return new Set(lot < share ? groups : []);
  const count = Math.floor(groups.length * share + lot);
  return new Set(shuffled(derive(seed, 'order'), groups).slice(0, count));
}

const indicesWhere = (rollouts: readonly Rollout[], wanted: (rollout: Rollout) => boolean): number[] =>
  rollouts.flatMap((rollout, i) => (wanted(rollout) ? [i] : []));
