import type { Recipe } from '../../domain/recipe/recipe';
import { formatShare } from '../shell/format';

/** Who grades a run, in words that follow "graded by". */
export function graderName({ kind, teacher, mixed }: Recipe['grader']): string {
  const taught = teacher === undefined ? 'a teacher' : teacher.kind === 'endpoint' ? teacher.model : teacher.name;
  switch (kind) {
    case 'self':
      return 'the model as it is now';
    case 'frozen':
      return 'the model as it started';
    case 'teacher':
      return taught;
    case 'mixed':
      return `${taught} for ${formatShare(mixed.share)} of the ${mixed.by === 'prompt' ? 'prompts' : 'steps'}, else by the model as it is now`;
  }
}
