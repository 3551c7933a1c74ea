import { trueVerdict } from '../../../src/data/truth';
import type { CriterionGrade } from '../../../src/domain/verdict';
import { visibleAnswer } from '../../../src/domain/visibleAnswer';
import type { Grader } from '../../../src/grading/grader';

/** The teacher of experiments in the synthetic world: grades by the world's own rules, which the model never sees. */
export const worldGrader: Grader = {
  grade: async (rollouts) =>
    rollouts.map(({ example, completion }) =>
      example.rubrics.map((criterion): CriterionGrade => {
        const met = trueVerdict(example, criterion, visibleAnswer(completion));
        if (met !== null) return { verdict: met ? 'met' : 'notMet', explanation: '', confidence: null, failure: null };
        return { verdict: 'ungraded', explanation: '', confidence: null, failure: 'the world has no rule for this' };
      }),
    ),
};
