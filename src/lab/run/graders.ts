import { NO_TEACHER, type TeacherMetrics } from '../../domain/metrics/teacherMetrics';
import type { Recipe } from '../../domain/recipe/recipe';
import type { Grade } from '../../domain/verdict';
import type { Grader } from '../../grading/grader';
import type { GraderModel } from '../../grading/graderModel';
import { MixedGrader } from '../../grading/mixedGrader';
import { ModelGrader } from '../../grading/policyGrader';
import { ModelRubricWriter, type RubricWriter } from '../../grading/rubricWriter';
import type { Teacher } from '../../grading/teacher';
import type { ChatText } from '../../text/chatText';
import { LabError } from '../failures';

/** What a recipe's graders are made of. The teacher is null where the recipe has none. */
export interface GraderParts {
  readonly model: GraderModel;
  readonly text: ChatText;
  readonly teacher: Teacher | null;
}

/** Who grades a run. Throws LabError needsFiles when it is a teacher that is not open. */
export function graderOf(
  { grader, seed }: Pick<Recipe, 'grader' | 'seed'>,
  { model, text, teacher }: GraderParts,
): Grader {
  switch (grader.kind) {
    case 'self':
    case 'frozen':
      return new ModelGrader(model, text, grader, seed);
    case 'teacher':
      return opened(teacher).grader;
    case 'mixed': {
      const policy = new ModelGrader(model, text, { ...grader, kind: 'self' }, seed);
      return new MixedGrader(policy, opened(teacher).grader, grader.mixed);
    }
  }
}

/**
 * Who writes a run's rubrics; null when none are written. Throws LabError when it is a teacher that is not open or
 * cannot write.
 */
export function writerOf(
  { grader, rubrics }: Pick<Recipe, 'grader' | 'rubrics'>,
  { model, text, teacher }: GraderParts,
): RubricWriter | null {
  if (rubrics.write === 'never') return null;
  if (rubrics.writer === 'policy') return new ModelRubricWriter(model, text, grader);
  const { writer, name } = opened(teacher);
  if (writer) return writer;
  throw new LabError(
    'badConfig',
    `${name} cannot write rubrics.`,
    'Let the policy write them, or choose another teacher.',
  );
}

/** What the teacher did in a step. Call once a step: usage counts since the last call. */
export function teacherMetrics(
  grades: readonly Grade[],
  { grader }: Pick<Recipe, 'grader'>,
  teacher: Teacher | null,
): TeacherMetrics {
  if (!teacher) return NO_TEACHER;
  const { requests, tokens, cost, retries } = teacher.takeUsage();
  const taught = grades.filter((grade) =>
    grader.kind === 'mixed' ? grade.some(({ by }) => by === 'teacher') : grader.kind === 'teacher',
  );
  return {
    'teacher/share': grades.length > 0 ? taught.length / grades.length : null,
    'teacher/requests': requests,
    'teacher/tokens': tokens,
    'teacher/cost': cost,
    'teacher/retries': retries,
  };
}

function opened(teacher: Teacher | null): Teacher {
  if (teacher) return teacher;
  throw new LabError(
    'needsFiles',
    'The recipe uses a teacher, but none is open.',
    'Open the teacher again: keys and files are held in memory only.',
  );
}
