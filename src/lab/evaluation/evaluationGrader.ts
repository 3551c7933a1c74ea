import { modelGraderName, teacherGraderName } from '../../domain/graderName';
import { type GraderConfig, graderSchema } from '../../domain/recipe/grader';
import type { Grader } from '../../grading/grader';
import type { Platform } from '../platform';
import { openTeacher, type TeacherAccess } from '../teacher/teacherKinds';
import type { ModelUnderTest } from './modelUnderTest';

/**
 * The grader: the model under test (current or starting weights), another model that is loaded after the answers, or a
 * teacher.
 */
export type EvaluationGrader =
  | { readonly kind: 'subject'; readonly config: GraderConfig }
  | { readonly kind: 'model'; readonly subject: ModelUnderTest; readonly config: GraderConfig }
  | OutsideGrader;

export interface OutsideGrader {
  readonly kind: 'outside';
  readonly grader: Grader;
  readonly name: string;
}

/** The grader in words, as it stands beside every number. */
export function graderName({ subject, grader }: { subject: ModelUnderTest; grader: EvaluationGrader }): string {
  if (grader.kind === 'outside') return grader.name;
  const { mode, kind } = grader.config;
  if (grader.kind === 'model') return modelGraderName(grader.subject.name, 'another', mode);
  const frozen = subject.trained !== null && kind === 'frozen';
  return frozen
    ? modelGraderName(subject.opened.report.name, 'frozen', mode)
    : modelGraderName(subject.name, 'itself', mode);
}

/** Settings of a grader: those of the run that a model was trained in, or the defaults, in the requested mode. */
export function graderConfig(
  { opened, recipe }: ModelUnderTest,
  { kind, mode, template }: Pick<GraderConfig, 'kind' | 'mode' | 'template'>,
): GraderConfig {
  const prompt = template ?? recipe?.grader.template ?? opened.graderTemplate ?? undefined;
  return graderSchema.parse({ ...recipe?.grader, kind, mode, ...(prompt !== undefined && { template: prompt }) });
}

/** A teacher as the grader, and what to call when it has graded. Throws what its files throw. */
export async function teacherGrader(
  given: TeacherAccess,
  { opened, recipe }: ModelUnderTest,
  { mode, template }: Pick<GraderConfig, 'mode' | 'template'>,
  platform: Pick<Platform, 'onnx' | 'openProbeThread'>,
): Promise<{ grader: OutsideGrader; release: () => void }> {
  const { template: ofRun, ...own } = recipe?.grader ?? {};
  // A prompt that came with the checkpoint of the model under test is not the teacher's.
  const prompt = template ?? (ofRun === opened.graderTemplate ? undefined : ofRun);
  const grader = graderSchema.parse({ ...own, mode, ...(prompt !== undefined && { template: prompt }) });
  const teacher = await openTeacher({ ...given, grader }, platform);
  const outside = { kind: 'outside', grader: teacher.grader, name: teacherGraderName(teacher.name) } as const;
  return { grader: outside, release: () => teacher.release() };
}
