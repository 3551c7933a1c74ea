import type { GraderConfig } from '../domain/recipe/recipe';
import type { Rollout } from '../domain/rollout';
import type { CriterionGrade, Grade } from '../domain/verdict';
import { derive, shuffled, uniform } from '../random';
import type { GradeOptions, Grader } from './grader';

/**
 * The teacher grades a seeded share of each step's prompts, or of the steps, and the policy the rest. Answers of one prompt are compared with each
 * other, so one grader has them all. Any two graders will do.
 */
export class MixedGrader implements Grader {
  constructor(
    private readonly policy: Grader,
    private readonly teacher: Grader,
    private readonly mixed: GraderConfig['mixed'],
  ) {}

  async grade(
    rollouts: readonly Rollout[],
    { seed, signal, onProgress, onGrade, onTokens }: GradeOptions,
  ): Promise<Grade[]> {
    const taught = taughtGroups([...new Set(rollouts.map(({ group }) => group))], this.mixed, derive(seed, 'mixed'));
    const shares = [
      { by: 'teacher', grader: this.teacher, indices: indicesWhere(rollouts, ({ group }) => taught.has(group)) },
      { by: 'policy', grader: this.policy, indices: indicesWhere(rollouts, ({ group }) => !taught.has(group)) },
    ] as const;
    const grades: Grade[] = new Array(rollouts.length);
    let before = 0;
    // One after the other: the teacher may run on the same device.
    for (const { by, grader, indices } of shares) {
      if (indices.length === 0) continue;
      const own = await grader.grade(
        indices.map((i) => rollouts[i]!),
        {
          seed,
          ...(signal && { signal }),
          // Their units may differ (criteria, calls): progress is told in answers.
          onProgress: (done, total) =>
            onProgress?.(before + Math.floor((done / Math.max(1, total)) * indices.length), rollouts.length),
          onGrade: (i, criterion, grade) => onGrade?.(indices[i]!, criterion, { ...grade, by }),
          onTokens: (i, criterion, tokens) => onTokens?.(indices[i]!, criterion, tokens),
        },
      );
      signal?.throwIfAborted();
      indices.forEach((i, at) => {
        grades[i] = own[at]!.map((grade): CriterionGrade => ({ ...grade, by }));
      });
      before += indices.length;
      onProgress?.(before, rollouts.length);
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
